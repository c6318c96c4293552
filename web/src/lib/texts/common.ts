import type { FailureCode } from "../api/failure.ts";
import { plural } from "../format/plural.ts";

/**
 * Texts used everywhere. The words of OTIS live in this folder only, a file an area, loaded with
 * the area; a translation is a second folder with the same files.
 */
export const common = {
  product: "OTIS",
  loading: "Loading",
  retry: "Try again",
  cancel: "Cancel",
  close: "Close",
  save: "Save",
  remove: "Remove",
  more: "More",
  loadMore: "Load more",
  search: "Search",
  clear: "Clear",
  undo: "Undo",
  why: { ask: "Why?", title: "Why is this waiting?" },
  control: {
    pause: "Pause",
    resume: "Resume",
    first: "Do this first",
    retry: "Try again",
    cancel: "Cancel",
  },
  newOnes: (n: number) => `${plural(n, "new", "new")}`,
  newOrder: "Order has changed",
  newOnesHint: "Show what has arrived",
  boundary: {
    title: "This part of the page stopped",
    hint: "The rest keeps working, and nothing you entered elsewhere is lost.",
  },
  /** Without a hint: the server's own words are one. */
  failure: {
    unreachable: {
      title: "No answer from the server",
      hint: "Nothing on this page is lost. Try again when the connection is back.",
    },
    unavailable: { title: "The server is busy", hint: "Try again in a moment." },
    internal: { title: "Something went wrong", hint: "Try again in a moment." },
    needs_sign_in: {
      title: "Your sign-in has expired",
      hint: "Sign in again to go on; this page stays as it is.",
    },
    not_allowed: { title: "That is not yours to change" },
    not_found: { title: "Not found", hint: "It may have been removed in another tab." },
    session_not_found: {
      title: "There is no such session",
      hint: "It was removed, or belongs to someone else.",
    },
    rate_limited: { title: "Too fast" },
    invalid_transition: { title: "Not possible in this state" },
    ceiling_reached: {
      title: "The cost ceiling is reached",
      hint: "Raise the ceiling or choose fewer companies.",
    },
    too_large: { title: "Too large" },
  } satisfies Partial<Record<FailureCode, { title: string; hint?: string }>>,
} as const;
