import { BellRing, CheckCheck, CircleAlert, CircleCheck, Search } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "wouter";
import { Button } from "../../components/button.tsx";
import { NewPill } from "../../components/new-pill.tsx";
import { EmptyState, FailureNotice } from "../../components/notice.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { Segments } from "../../components/segments.tsx";
import { SkeletonRows } from "../../components/skeleton.tsx";
import { useSettledIds } from "../../components/use-settled-ids.ts";
import { Failure } from "../../lib/api/failure.ts";
import { useAction } from "../../lib/api/use-action.ts";
import { cx } from "../../lib/class-names.ts";
import { formatFullMoment, formatMoment } from "../../lib/format/time.ts";
import { useConnection, useMutate } from "../../lib/live/use-live-connection.ts";
import { useLiveQuery, useLiveRow, useLiveState } from "../../lib/live/use-live-rows.ts";
import { common } from "../../lib/texts/common.ts";
import { notificationTexts as t } from "../../lib/texts/notifications.ts";

const SHOWN = ["unread", "all"] as const;
const PAGE = 50;

/** Until the first rows are there: a skeleton, or that they do not come. */
function Waiting() {
  const { failing } = useConnection();
  if (!failing) return <SkeletonRows rows={4} />;
  return <FailureNotice className="m-4" error={new Failure("unreachable", t.title)} />;
}

/** What finished or matched, live. Reading is shown at once and kept without a network. */
export default function InboxPage() {
  const [shown, setShown] = useState<(typeof SHOWN)[number]>("all");
  const [pages, setPages] = useState(1);
  const { phase } = useLiveState();
  const markAll = useAction("mark_read");
  const area = useRef<HTMLUListElement>(null);
  const unread = useLiveQuery("notifications", {
    key: "unread",
    filter: (notification) => notification.read_at === null,
  });
  const latest = useLiveQuery("notifications", {
    key: `newest first, ${shown}`,
    filter: (notification) => shown === "all" || notification.read_at === null,
    sort: (a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0),
  });
  const { ids, fresh, show } = useSettledIds(latest, area, () => pages * PAGE - 1);
  return (
    <div className="mx-auto max-w-220 pb-12">
      <PageHeader title={t.title}>
        <Segments
          label={t.show}
          value={shown}
          options={[
            { value: "all", label: t.shown.all },
            {
              value: "unread",
              label: t.shown.unread,
              count: phase === "ready" ? unread.length : undefined,
            },
          ]}
          onChange={setShown}
        />
        <Button
          disabled={unread.length === 0}
          busy={markAll.isPending}
          onClick={() => markAll.mutate({})}
        >
          <CheckCheck aria-hidden="true" size={14} />
          {t.markAll}
        </Button>
      </PageHeader>
      <div className="relative mx-4 rounded-lg border border-line bg-surface md:mx-8">
        <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
          <NewPill count={fresh} onShow={show} />
        </div>
        {phase === "loading" && ids.length === 0 ? <Waiting /> : null}
        {phase === "ready" && ids.length === 0 ? (
          <EmptyState icon={BellRing} title={t.empty[shown].title}>
            {t.empty[shown].hint}
          </EmptyState>
        ) : null}
        <ul ref={area} className="divide-y divide-line">
          {ids.slice(0, pages * PAGE).map((id) => (
            <Notification key={id} id={id} />
          ))}
        </ul>
      </div>
      {ids.length > pages * PAGE ? (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setPages(pages + 1)}>{common.loadMore}</Button>
        </div>
      ) : null}
    </div>
  );
}

/** The kind of a notification says what it is about, in its last word how it went. */
function Mark({ kind }: { readonly kind: string }) {
  const size = { "aria-hidden": true, size: 16, strokeWidth: 1.75 } as const;
  if (kind.includes("failed")) return <CircleAlert {...size} className="text-bad" />;
  if (kind.includes("search")) return <Search {...size} className="text-accent" />;
  return <CircleCheck {...size} className="text-good" />;
}

function Notification({ id }: { readonly id: string }) {
  const row = useLiveRow("notifications", id);
  const mutate = useMutate();
  if (!row) return null;
  const isNew = row.read_at === null;
  const href = row.link ?? (row.session_id ? `/s/${row.session_id}` : null);
  const read = () => {
    if (!isNew) return;
    void mutate("mark_read", { notification_ids: [id] }, [
      { table: "notifications", id, change: { read_at: new Date().toISOString() } },
    ]);
  };
  return (
    <li className="relative flex items-start gap-3 px-4 py-3 hover:bg-hover">
      <span className="mt-0.5">
        <Mark kind={row.kind} />
      </span>
      <div className="min-w-0 flex-1">
        <p className={cx("truncate", isNew ? "font-semibold" : "text-ink-soft")}>
          {href?.startsWith("/") ? (
            <Link href={href} onClick={read} className="after:absolute after:inset-0">
              {row.title}
            </Link>
          ) : (
            row.title
          )}
        </p>
        <p className="text-ink-soft">{row.body}</p>
      </div>
      <time
        dateTime={row.created_at}
        title={formatFullMoment(row.created_at)}
        className="text-xs text-ink-faint"
      >
        {formatMoment(row.created_at)}
      </time>
      {isNew ? (
        <button
          type="button"
          aria-label={`${t.markOne}: ${row.title}`}
          title={t.markOne}
          onClick={read}
          className="relative z-10 grid size-5 place-items-center rounded-full hover:bg-pressed"
        >
          <span aria-hidden="true" className="size-2 rounded-full bg-accent" />
        </button>
      ) : (
        <span className="size-5" />
      )}
    </li>
  );
}
