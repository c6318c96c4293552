import type { Row } from "../../../web/src/live/delta.ts";
import type { RowStore } from "../../../web/src/live/row-store.ts";

const TABLES = [
  "otis_workflow_sessions",
  "otis_progress_events",
  "scraping_runs",
  "session_companies",
  "job_postings",
];

const count = (rows: readonly Row[], passes: (row: Row) => boolean): number =>
  rows.filter(passes).length;

/** What was wrong with the store's views, and how it kept its readers waiting. */
export interface Checks {
  readonly problems: string[];
  /** The longest time without news so far, in milliseconds; the writer writes all the time. */
  longestSilence: number;
}

/**
 * After every notification: no row may have gone back, and the session's counters must be those of
 * the rows beside them, which they are in every state of the database and in no mixture of two.
 */
export function watchStore(store: RowStore): Checks {
  const problems: string[] = [];
  const checks: Checks = { problems, longestSilence: 0 };
  let newsAt = performance.now();
  const revisions = new Map<string, number>();
  store.subscribe(() => {
    checks.longestSilence = Math.max(checks.longestSilence, performance.now() - newsAt);
    newsAt = performance.now();
    for (const table of TABLES) {
      for (const row of store.rows(table)) {
        const place = `${table}/${row.id}`;
        const before = revisions.get(place) ?? 0;
        if (Number(row.revision) < before) problems.push(`${place} went back from ${before}`);
        revisions.set(place, Number(row.revision));
      }
    }
    if (store.state().phase !== "ready") return;
    const [session] = store.rows("otis_workflow_sessions");
    const companies = [...store.rows("session_companies")];
    const postings = [...store.rows("job_postings")];
    const found = {
      companies_count: count(companies, (row) => row.status === "active"),
      selected_count: count(companies, (row) => row.selected === true),
      jobs_count: count(postings, (row) => row.status === "open"),
    };
    for (const [counter, number] of Object.entries(found)) {
      if (session?.[counter] === number) continue;
      problems.push(`${counter} is ${session?.[counter]}, but there are ${number}`);
    }
    const perCompany = companies.reduce((sum, row) => sum + Number(row.jobs_count), 0);
    if (perCompany !== found.jobs_count) problems.push(`companies count ${perCompany} postings`);
  });
  return checks;
}
