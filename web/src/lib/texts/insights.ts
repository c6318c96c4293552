import { plural } from "../format/plural.ts";

export const insightsTexts = {
  title: "Insights",
  running: "Running now",
  nothingRuns: {
    title: "Nothing is running",
    hint: "While something runs, its time left and what slows it down show here.",
  },
  left: (duration: string) => `about ${duration} left`,
  leftUnknown: "Time left not known yet",
  noBottleneck: "Nothing slows it down.",
  severity: { warning: "Slow", critical: "Stuck" },
  history: "Sources of the last 30 days",
  historyNone: "No source has been read in the last 30 days.",
  column: {
    kind: "Kind",
    runs: "Runs",
    worked: "Worked",
    found: "Postings",
    median: "Usual time",
  },
  enrichment: "Enrichment of the last 30 days",
  enrichmentNone: "No company has been enriched in the last 30 days.",
  companies: (n: number) => plural(n, "company", "companies"),
  saved: "Credits saved",
  spent: "Credits spent",
  failed: "Failed",
  completed: "Enriched",
} as const;
