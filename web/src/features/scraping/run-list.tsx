import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { useLiveQuery } from "../../lib/live/use-live-rows.ts";
import { common } from "../../lib/texts/common.ts";
import { scrapingTexts as t } from "../../lib/texts/scraping.ts";
import { RunItem } from "./run-item.tsx";

const PAGE = 12;

/** Newest first, and never in another order: a run that ends stays where it is. */
export function RunList() {
  const [shown, setShown] = useState(PAGE);
  const ids = useLiveQuery("scraping_runs", {
    key: "newest first",
    sort: (a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0),
  });
  if (ids.length === 0) return null;
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title" className="mb-2 text-base font-semibold">
        {t.runs} <span className="font-normal text-ink-faint">{ids.length}</span>
      </h2>
      <ul className="divide-y divide-line overflow-clip rounded-lg border border-line bg-surface">
        {ids.slice(0, shown).map((id) => (
          <RunItem key={id} id={id} />
        ))}
      </ul>
      {ids.length > shown ? (
        <Button variant="ghost" className="mt-2" onClick={() => setShown(shown + 5 * PAGE)}>
          {common.loadMore}
        </Button>
      ) : null}
    </section>
  );
}
