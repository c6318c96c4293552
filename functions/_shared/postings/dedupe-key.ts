import { createHash } from "node:crypto";
import { companyKey, domainLabel } from "./company.ts";
import { fold } from "./plain-text.ts";
import type { Posting } from "./posting.ts";

/*
 * Which postings are the same?
 *
 * Sources name the same opening by different ids and addresses: the board's API, the careers page,
 * an aggregator's feed. What they agree on is who hires, for what, and where. So the key is made of
 *   company  – its name without legal forms, else the label of its domain ("acme"). The name comes
 *              first since nearly every source has it, and a label equals the name more often than not;
 *   title    – folded, without the "(m/f/d)" that one source adds and another leaves out;
 *   place    – the city, else "remote", else the country, else nothing.
 * A posting without any company can only be told by its canonical address.
 *
 * Two openings of one source that agree in all three (two requisitions for the same role) have
 * ids of their own there; `separateOpenings` keeps them apart within a batch, and the database, by
 * the same mark behind "~", across batches. Merging across sources then pairs the first with the
 * first, which is as right as can be known.
 */

const genderMarks =
  /\((?:[mwfdxhvknialr]|gn|div|all genders?|inter)(?:\s*[/|,*:.]\s*(?:[mwfdxhvknialr]|gn|div|divers|inter)){1,4}\s*\)|\(all genders?\)|\(gn\)|\b[mwfh]\s*\/\s*[mwfhdx](?:\s*\/\s*[dxi])?\b|[*:_/-]innen\b|[*:_]in\b/gi;

/** The title as it is compared: "Senior Developer (m/w/d)" and "senior developer" are equal. */
export function titleKey(title: string): string {
  return fold(title.replace(genderMarks, " ")) || fold(title) || title.trim().toLowerCase();
}

type Keyed = Pick<Posting, "company" | "title" | "location" | "url" | "externalId">;

/** At most 34 ASCII characters: a kind letter, a colon, 128 bits of SHA-256. */
export function dedupeKey(posting: Keyed): string {
  const { name, domain } = posting.company;
  const company = name !== null ? companyKey(name) : domain !== null ? domainLabel(domain) : null;
  if (company === null && posting.url !== null) {
    return `u:${digest(posting.url.replace(/^https?:\/\/(www\.)?/, ""))}`;
  }
  const { city, country, workplace } = posting.location;
  const place = city !== null ? fold(city) : workplace === "remote" ? "remote" : (country ?? "");
  return `c:${digest([company ?? "", titleKey(posting.title), place].join("\n"))}`;
}

/**
 * Keeps openings of one batch apart that share a key but have ids, or else addresses, of their own:
 * the lowest keeps the plain key, whatever order they come in. The same id twice is one posting,
 * of which the last is kept. An address that several postings share (a list's) tells none apart.
 */
export function separateOpenings(postings: Posting[]): Posting[] {
  const addresses = new Map<string | null, number>();
  for (const { url } of postings) addresses.set(url, (addresses.get(url) ?? 0) + 1);
  const identity = ({ externalId, url }: Posting) =>
    externalId ?? (addresses.get(url) === 1 ? url : null) ?? "";
  const result: Posting[] = [];
  for (const [key, group] of Map.groupBy(postings, (posting) => posting.dedupeKey)) {
    const byId = new Map(group.map((posting) => [identity(posting), posting]));
    // One that nothing identifies is the same as one that is identified: a list's teaser.
    if (byId.size > 1) byId.delete("");
    const first = [...byId.keys()].sort()[0];
    for (const [id, posting] of byId) {
      const dedupeKey = id === first ? key : `${key}~${digest(id).slice(0, 12)}`;
      result.push({ ...posting, dedupeKey });
    }
  }
  return result;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
