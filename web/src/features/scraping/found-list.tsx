import { ArrowRight, SearchX } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type ReactNode, useRef, useState } from "react";
import { ActivityDots } from "../../components/activity-dots.tsx";
import { Button } from "../../components/button.tsx";
import { NewPill } from "../../components/new-pill.tsx";
import { EmptyState } from "../../components/notice.tsx";
import { Segments } from "../../components/segments.tsx";
import { useSettledIds } from "../../components/use-settled-ids.ts";
import { useLiveQuery } from "../../lib/live/use-live-rows.ts";
import { common } from "../../lib/texts/common.ts";
import { scrapingTexts } from "../../lib/texts/scraping.ts";
import { useIdsBy } from "../../lib/use-ids-by.ts";
import { useSessionRow } from "../../lib/use-session-row.ts";
import { CompanyItem, PostingItem } from "./found-item.tsx";

const t = scrapingTexts.found;
const KINDS = ["postings", "companies"] as const;

/** What has been found so far: grows from the top while OTIS reads. */
export function FoundList() {
  const [kind, setKind] = useQueryState(
    "found",
    parseAsStringLiteral(KINDS).withDefault("postings"),
  );
  const [, setStage] = useQueryState("stage");
  const counts = useSessionRow((session) => ({
    postings: session.jobs_count,
    companies: session.companies_count,
    running: session.status === "active" && session.runs_finished < session.runs_total,
  }));
  if (!counts) return null;
  const empty = counts.companies + counts.postings === 0;
  return (
    <section aria-labelledby="found-title">
      <header className="mb-2 flex flex-wrap items-center gap-3">
        <h2 id="found-title" className="flex items-center gap-2 text-base font-semibold">
          {t.title}
          {counts.running ? (
            <span className="text-accent">
              <ActivityDots />
            </span>
          ) : null}
        </h2>
        <Segments
          label={t.title}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t[value], count: counts[value] }))}
          onChange={(value) => void setKind(value)}
        />
        {counts.companies > 0 ? (
          <Button
            variant="ghost"
            className="ml-auto"
            onClick={() => void setStage("enrichment", { history: "push" })}
          >
            {t.toEnrichment}
            <ArrowRight aria-hidden="true" size={14} />
          </Button>
        ) : null}
      </header>
      <div className="rounded-lg border border-line bg-surface">
        {empty ? <NothingFound running={counts.running} /> : null}
        {!empty && kind === "postings" ? <Postings /> : null}
        {!empty && kind === "companies" ? <Companies /> : null}
      </div>
    </section>
  );
}

/** The database's timestamps compare as texts. */
const newestFirst = (a: { created_at: string }, b: { created_at: string }) =>
  a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0;

function Postings() {
  const companies = useIdsBy("session_companies", "company_id");
  const ids = useLiveQuery("job_postings", { key: "newest first", sort: newestFirst });
  return (
    <Growing ids={ids}>{(id) => <PostingItem key={id} id={id} companies={companies} />}</Growing>
  );
}

function Companies() {
  const ids = useLiveQuery("session_companies", {
    key: "active, newest first",
    filter: (company) => company.status === "active",
    sort: newestFirst,
  });
  return <Growing ids={ids}>{(id) => <CompanyItem key={id} id={id} />}</Growing>;
}

const PAGE = 50;

/** Shows a page, then another: how far somebody has got is never taken back by what arrives. */
function Growing({
  ids: latest,
  children,
}: {
  readonly ids: readonly string[];
  readonly children: (id: string) => ReactNode;
}) {
  const [pages, setPages] = useState(1);
  const area = useRef<HTMLDivElement>(null);
  const { ids, fresh, show } = useSettledIds(latest, area, () => pages * PAGE - 1);
  const shown = ids.slice(0, pages * PAGE);
  return (
    <div ref={area} className="relative">
      <div className="pointer-events-none sticky top-2 z-10 flex h-0 justify-center">
        <NewPill count={fresh} onShow={show} />
      </div>
      <ul className="divide-y divide-line">{shown.map(children)}</ul>
      {ids.length > shown.length ? (
        <div className="flex justify-center border-t border-line p-2">
          <Button variant="ghost" onClick={() => setPages(pages + 1)}>
            {common.loadMore}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function NothingFound({ running }: { readonly running: boolean }) {
  const { title, hint } = running ? scrapingTexts.emptyRunning : scrapingTexts.empty;
  return (
    <EmptyState icon={SearchX} title={title}>
      {hint}
    </EmptyState>
  );
}
