import { plural } from "../format/plural.ts";

export const queueTexts = {
  title: "Queue",
  show: "Show",
  shown: { open: "Running and waiting", failed: "Failed", all: "All" },
  kind: { run: "Source", batch: "Enrichment", campaign: "Campaign" },
  batch: (n: number) => `Enrichment of ${plural(n, "company", "companies")}`,
  failedOf: (failed: number, total: number) => `${failed} of ${total} failed`,
  status: {
    queued: "Waiting",
    running: "Running",
    paused: "Paused",
    failed: "Failed",
    preparing: "Writing lines",
    pushing: "Pushing",
    completed: "Done",
  } as Record<string, string>,
  priorityOf: (label: string) => `Priority of ${label}`,
  priorities: { first: "First", normal: "Normal", last: "Last" },
  pause: (label: string) => `Pause ${label}`,
  resume: (label: string) => `Resume ${label}`,
  cancel: (label: string) => `Cancel ${label}`,
  retry: (label: string) => `Try ${label} again`,
  actions: (label: string) => `Actions for ${label}`,
  why: (label: string) => `Why is ${label} waiting?`,
  noCompanies: "None of its companies is running or waiting.",
  empty: {
    open: {
      title: "Nothing is running or waiting",
      hint: "What you start in a session is listed here until it is done.",
    },
    failed: {
      title: "Nothing has failed",
      hint: "Work that could not be done is listed here, to be tried again.",
    },
    all: { title: "The queue is empty", hint: "What you start in a session is listed here." },
  },
} as const;
