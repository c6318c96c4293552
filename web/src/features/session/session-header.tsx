import { ChevronLeft, PanelRight, Pause, Pencil, Play, Square } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Button, buttonClass } from "../../components/button.tsx";
import { RenameForm } from "../../components/rename-form.tsx";
import { useControls } from "../../lib/api/use-controls.ts";
import { useMutate } from "../../lib/live/use-live-connection.ts";
import { sessionTexts as t } from "../../lib/texts/session.ts";
import { sessionsTexts } from "../../lib/texts/sessions.ts";
import { CancelWork } from "./cancel-work.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { isWorking, useSession, useSessionId } from "./use-session.ts";
import { WorkTime } from "./work-time.tsx";

const tones: Record<string, Tone> = { active: "accent", completed: "good", cancelled: "bad" };

interface Props {
  readonly panelOpen: boolean;
  readonly onTogglePanel: () => void;
}

export function SessionHeader({ panelOpen, onTogglePanel }: Props) {
  const session = useSession(({ name, status }) => ({ name, status }));
  const working = useSession(isWorking) ?? false;
  if (!session) return null;
  const open = session.status === "active" || session.status === "paused";
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-3 py-2 md:px-4">
      <Link href="/" aria-label={t.back} className={buttonClass("ghost", { icon: true })}>
        <ChevronLeft aria-hidden="true" size={16} />
      </Link>
      <SessionName name={session.name}>
        {/* On a small screen the usual state goes without saying, and the button to resume says the other. */}
        <span className={open ? "max-sm:hidden" : ""}>
          <Badge tone={tones[session.status] ?? "plain"} dot>
            {sessionsTexts.status[session.status]}
          </Badge>
        </span>
        {working ? <WorkTime /> : null}
      </SessionName>
      <div className="ml-auto flex items-center gap-1.5">
        <Controls status={session.status} working={working} />
        <ConnectionBadge />
        <Button
          variant="ghost"
          icon
          aria-pressed={panelOpen}
          aria-label={panelOpen ? t.hidePanel : t.showPanel}
          onClick={onTogglePanel}
        >
          <PanelRight aria-hidden="true" size={16} />
        </Button>
      </div>
    </header>
  );
}

interface NameProps {
  readonly name: string;
  /** Stands between the name and its pencil, which only who points at it sees. */
  readonly children: ReactNode;
}

function SessionName({ name, children }: NameProps) {
  const id = useSessionId();
  const [renaming, setRenaming] = useState(false);
  const mutate = useMutate();
  const rename = (next: string) =>
    mutate("rename_session", { session_id: id, name: next }, [
      { table: "otis_workflow_sessions", id, change: { name: next } },
    ]);
  if (renaming) {
    return (
      <div className="min-w-0 flex-1 basis-24">
        <RenameForm
          name={name}
          label={t.newName}
          onEnd={(next) => {
            setRenaming(false);
            if (next) void rename(next);
          }}
        />
      </div>
    );
  }
  return (
    <div className="group flex min-w-0 flex-1 basis-24 items-center gap-2">
      <h1 className="truncate text-base font-semibold">{name}</h1>
      {children}
      <Button
        variant="ghost"
        dense="sm"
        icon
        aria-label={t.rename}
        className="pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-visible:opacity-100"
        onClick={() => setRenaming(true)}
      >
        <Pencil aria-hidden="true" size={13} />
      </Button>
    </div>
  );
}

function Controls({ status, working }: { readonly status: string; readonly working: boolean }) {
  const id = useSessionId();
  const controls = useControls("session", id);
  const [cancelling, setCancelling] = useState(false);
  return (
    <>
      {status === "paused" ? (
        <Button busy={controls.busy} onClick={controls.resume}>
          <Play aria-hidden="true" size={14} />
          <span className="max-sm:sr-only">{t.resume}</span>
        </Button>
      ) : null}
      {working ? (
        <Button busy={controls.busy} onClick={controls.pause}>
          <Pause aria-hidden="true" size={14} />
          <span className="max-sm:sr-only">{t.pause}</span>
        </Button>
      ) : null}
      {working || status === "paused" ? (
        <Button variant="ghost" icon aria-label={t.cancelWork} onClick={() => setCancelling(true)}>
          <Square aria-hidden="true" size={14} />
        </Button>
      ) : null}
      <CancelWork open={cancelling} onClose={() => setCancelling(false)} />
    </>
  );
}
