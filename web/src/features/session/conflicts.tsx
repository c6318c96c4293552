import { X } from "lucide-react";
import { Button } from "../../components/button.tsx";
import { useConflicts } from "../../lib/live/use-live-connection.ts";
import { sessionTexts } from "../../lib/texts/session.ts";

const t = sessionTexts.conflict;
/** The next one comes when one of these is dismissed: they must not fill the page. */
const SHOWN = 3;

/** Changes that were shown, kept and sent, and that the server refused: taken back, and said so. */
export function Conflicts() {
  const { conflicts, dismiss } = useConflicts();
  return conflicts.slice(0, SHOWN).map((conflict) => (
    <div
      key={conflict.mutation.key}
      role="alert"
      className="flex items-center gap-3 border-b border-line bg-bad-soft px-4 py-2"
    >
      <p className="font-medium text-bad">
        {t.title(t.change[conflict.mutation.action] ?? conflict.mutation.action)}
      </p>
      <p className="min-w-0 flex-1 text-ink-soft">{conflict.message}</p>
      <Button
        variant="ghost"
        dense="sm"
        icon
        aria-label={t.dismiss}
        onClick={() => dismiss(conflict)}
      >
        <X aria-hidden="true" size={14} />
      </Button>
    </div>
  ));
}
