import { apify } from "./apify.ts";
import { ashby } from "./ashby.ts";
import { careersPage } from "./careers-page.ts";
import { csv } from "./csv.ts";
import { feed } from "./feed.ts";
import { greenhouse } from "./greenhouse.ts";
import { lever } from "./lever.ts";
import { personio } from "./personio.ts";
import { recruitee } from "./recruitee.ts";
import { smartrecruiters } from "./smartrecruiters.ts";
import type { Plan, Source, SourceKind, SourceRef } from "./source.ts";
import { workable } from "./workable.ts";

/** Every kind of source there is. */
export const sources: Readonly<Record<SourceKind, Source>> = {
  greenhouse,
  lever,
  ashby,
  recruitee,
  personio,
  smartrecruiters,
  workable,
  apify,
  csv,
  feed,
  careers_page: careersPage,
};

/** Most particular first: any address might be a careers page. */
const order = Object.values(sources);

/** What a user's input is; null when it is nothing OTIS can scrape. Pure, without a request. */
export function detectSource(input: string): SourceRef | null {
  for (const source of order) {
    const ref = source.detect(input);
    if (ref !== null) return ref;
  }
  return null;
}

export function planSource(ref: SourceRef): Plan {
  return sources[ref.kind].plan(ref);
}
