import { countCredits } from "../format/plural.ts";

export const resultsTexts = {
  funnel: {
    title: "From posting to reply",
    of: (share: string) => `${share} of those above`,
    steps: {
      postings: "Postings",
      companies: "Companies",
      enriched: "Enriched",
      contacted: "Contacted",
      replied: "Replied",
    } as Record<string, string>,
  },
  sources: { title: "Sources", name: "Source", none: "No source has been read yet." },
  providers: { title: "Providers", name: "Provider", none: "Nothing has been enriched yet." },
  provider: { website: "Company website", apollo: "Apollo", import: "Import" } as Record<
    string,
    string
  >,
  column: {
    found: "Found",
    failed: "Failed",
    cost: "Cost",
    seconds: "Time",
  },
  credits: countCredits,
  overTime: { title: "Postings found over time", none: "Shows as soon as postings are found." },
  exports: {
    title: "Take it with you",
    hint: "CSV, UTF-8, safe to open in a spreadsheet.",
    postings: "Postings",
    companies: "Companies",
    contacts: "Contacts",
    runs: "Sources",
    events: "Activity log",
    results: "Results",
  },
  empty: {
    title: "Nothing to show yet",
    hint: "The funnel fills as soon as the first postings are found.",
  },
} as const;
