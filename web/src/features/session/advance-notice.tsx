import { ArrowRight } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { STAGES } from "../../../../functions/_shared/contract/workflow.ts";
import { Button } from "../../components/button.tsx";
import { sessionTexts } from "../../lib/texts/session.ts";
import type { Stage } from "./stages.ts";
import { useSession } from "./use-session.ts";

const t = sessionTexts.advance;
const SECONDS = 10;

interface Props {
  readonly stage: Stage;
  readonly onOpen: (stage: Stage) => void;
}

/**
 * The session has gone on to a later stage than the one that is open: offers to follow. Floats, so
 * that the rows under the pointer stay where they are.
 */
export function AdvanceNotice({ stage, onOpen }: Props) {
  const current = useSession((session) => session.current_stage);
  const [seen, setSeen] = useState(current);
  const [next, setNext] = useState<Stage | null>(null);
  if (current !== seen) {
    setSeen(current);
    const reached = STAGES.find((name) => name === current);
    // The first value is where the session was when it was opened, no news.
    const news = seen !== undefined && reached !== undefined;
    if (news && STAGES.indexOf(reached) > STAGES.indexOf(stage)) setNext(reached);
  }
  if (next === null || next === stage) return null;
  return (
    <Notice
      from={sessionTexts.stage[stage].title}
      to={sessionTexts.stage[next].title}
      onGo={() => {
        setNext(null);
        onOpen(next);
      }}
      onStay={() => setNext(null)}
    />
  );
}

interface NoticeProps {
  readonly from: string;
  readonly to: string;
  readonly onGo: () => void;
  readonly onStay: () => void;
}

function Notice({ from, to, onGo, onStay }: NoticeProps) {
  const [left, setLeft] = useState(SECONDS);
  const go = useRef(onGo);
  go.current = onGo;
  useEffect(() => {
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) go.current();
  }, [left]);
  return (
    <div className="absolute inset-x-4 bottom-4 z-20 mx-auto flex max-w-150 animate-appear flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-line bg-accent-soft px-4 py-2 shadow-float">
      <p role="status" className="font-medium">
        {t.done(from)}
      </p>
      <p className="text-ink-soft">{t.next(to, Math.max(0, left))}</p>
      <div className="ml-auto flex gap-2">
        <Button dense="sm" onClick={onStay}>
          {t.stay}
        </Button>
        <Button dense="sm" variant="primary" onClick={onGo}>
          {t.go(to)}
          <ArrowRight aria-hidden="true" size={13} />
        </Button>
      </div>
    </div>
  );
}
