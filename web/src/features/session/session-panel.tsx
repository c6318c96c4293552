import { formatCount } from "../../lib/format/number.ts";
import { formatDate } from "../../lib/format/time.ts";
import { sessionTexts as t } from "../../lib/texts/session.ts";
import { ActivityLog } from "./activity-log.tsx";
import { useSession } from "./use-session.ts";

/** What stays in view whichever stage is open: the counters and the log. */
export function SessionPanel() {
  return (
    <aside
      aria-label={t.panel}
      className="flex w-80 shrink-0 flex-col border-l border-line bg-surface max-xl:absolute max-xl:inset-y-0 max-xl:right-0 max-xl:z-20 max-xl:w-[min(20rem,100%)] max-xl:shadow-float"
    >
      <Counters />
      <ActivityLog />
    </aside>
  );
}

function Counters() {
  const session = useSession((s) => ({
    numbers: [
      [t.counters.companies, s.companies_count],
      [t.counters.postings, s.jobs_count],
      [t.counters.selected, s.selected_count],
      [t.counters.enriched, s.enrichment_completed],
      [t.counters.leads, s.leads_total],
      [t.counters.sent, s.leads_sent],
    ] as const,
    created: s.created_at,
    expires: s.expires_at,
  }));
  if (!session) return null;
  return (
    <div className="border-b border-line px-4 py-3">
      <dl className="grid grid-cols-3 gap-x-2 gap-y-3">
        {session.numbers.map(([label, n]) => (
          <div key={label}>
            <dt className="text-xs text-ink-faint">{label}</dt>
            <dd className="text-lg font-semibold">{formatCount(n)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-xs text-ink-faint">
        {t.created} {formatDate(session.created)} · {t.expires} {formatDate(session.expires)}
      </p>
    </div>
  );
}
