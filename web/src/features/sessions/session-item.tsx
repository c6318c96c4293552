import { Archive, ArchiveRestore, Copy, Pencil } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { Badge, type Tone } from "../../components/badge.tsx";
import { Button } from "../../components/button.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { RenameForm } from "../../components/rename-form.tsx";
import { formatFullMoment, formatMoment } from "../../lib/format/time.ts";
import type { SessionRow } from "../../lib/rows.ts";
import { sessionsTexts as t } from "../../lib/texts/sessions.ts";
import { useArchiveSession, useDuplicateSession, useRenameSession } from "./api/change-session.ts";
import { sessionWork } from "./session-work.ts";

const tones: Record<string, Tone> = { active: "accent", completed: "good", cancelled: "bad" };

export function SessionItem({ session }: { readonly session: SessionRow }) {
  const [renaming, setRenaming] = useState(false);
  const rename = useRenameSession();
  const name = rename.isPending ? rename.variables.name : session.name;
  const work = sessionWork(session);
  return (
    <li className="group relative flex min-h-18 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 hover:bg-hover">
      <div className="flex min-w-56 flex-1 flex-col gap-1">
        {renaming ? (
          <RenameForm
            name={name}
            label={t.newNameOf(name)}
            onEnd={(next) => {
              setRenaming(false);
              if (next) rename.mutate({ session_id: session.id, name: next });
            }}
          />
        ) : (
          <Link
            href={`/s/${session.id}`}
            className="truncate text-base font-medium after:absolute after:inset-0"
          >
            {name}
          </Link>
        )}
        <p className="truncate text-xs text-ink-faint">
          {[
            t.stage[session.current_stage],
            t.companies(session.companies_count),
            t.postings(session.jobs_count),
            session.leads_sent > 0 ? t.sent(session.leads_sent) : null,
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <div className="flex w-full flex-col gap-1.5 sm:w-52">
        {work ? (
          <>
            <p className="truncate text-xs text-ink-soft">{work.text}</p>
            <ProgressBar value={work.share} label={work.text} />
          </>
        ) : null}
      </div>
      <Badge tone={tones[session.status] ?? "plain"} dot>
        {t.status[session.status]}
      </Badge>
      <time
        dateTime={session.last_activity_at}
        title={`${t.lastActivity}: ${formatFullMoment(session.last_activity_at)}`}
        className="w-20 text-right text-xs text-ink-faint"
      >
        {formatMoment(session.last_activity_at)}
      </time>
      <Actions session={session} onRename={() => setRenaming(true)} />
    </li>
  );
}

function Actions({ session, onRename }: { session: SessionRow; onRename: () => void }) {
  const duplicate = useDuplicateSession();
  const archive = useArchiveSession();
  const archived = session.archived_at !== null;
  const Icon = archived ? ArchiveRestore : Archive;
  return (
    <div className="relative z-10 ml-auto flex gap-0.5 transition-opacity group-hover:opacity-100 focus-within:opacity-100 pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-within:opacity-100">
      <Button variant="ghost" icon aria-label={t.renameOf(session.name)} onClick={onRename}>
        <Pencil aria-hidden="true" size={15} />
      </Button>
      <Button
        variant="ghost"
        icon
        busy={duplicate.isPending}
        aria-label={t.duplicateOf(session.name)}
        onClick={() => duplicate.mutate({ session_id: session.id })}
      >
        <Copy aria-hidden="true" size={15} />
      </Button>
      <Button
        variant="ghost"
        icon
        busy={archive.isPending}
        aria-label={(archived ? t.restoreOf : t.archiveOf)(session.name)}
        onClick={() => archive.mutate({ session_id: session.id, archived: !archived })}
      >
        <Icon aria-hidden="true" size={15} />
      </Button>
    </div>
  );
}
