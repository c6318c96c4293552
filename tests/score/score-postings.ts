import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { postingSchema } from "../../functions/_shared/postings/posting.ts";
import { findPosting, judge } from "./compare-posting.ts";
import { expectationOf } from "./expected-postings.ts";
import { parseSample } from "./parse-sample.ts";
import { share, table } from "./table.ts";
import type { TruthEntry } from "./truth.ts";

type Tally = { right: number; compared: number };
export type PostingScore = {
  kind: string;
  files: number;
  expected: number;
  found: number;
  missing: number;
  invented: number;
  passedOver: number;
  title: Tally;
  company: Tally;
  location: Tally;
  /** Records whose title, company and location are right, as far as the truth names them. */
  whole: Tally;
  differences: string[];
};

/** Every posting must be found, none invented, and these shares of the spelt-out ones be right. */
const targets = { found: 0.99, whole: 0.95 };

export async function scorePostings(
  dir: string,
  kinds: readonly [string, TruthEntry[]][],
): Promise<PostingScore[]> {
  const scores: PostingScore[] = [];
  for (const [kind, entries] of kinds) {
    const score = emptyScore(kind);
    for (const entry of entries) addFile(score, entry, await readFile(join(dir, entry.path)));
    scores.push(score);
  }
  return scores;
}

function emptyScore(kind: string): PostingScore {
  const tally = () => ({ right: 0, compared: 0 });
  const counts = { files: 0, expected: 0, found: 0, missing: 0, invented: 0, passedOver: 0 };
  return {
    kind,
    ...counts,
    title: tally(),
    company: tally(),
    location: tally(),
    whole: tally(),
    differences: [],
  };
}

function addFile(score: PostingScore, entry: TruthEntry, body: Uint8Array): void {
  const parsed = parseSample(entry.kind, body);
  if (parsed === null) {
    score.differences.push(`${entry.path}: no parser for kind ${entry.kind}`);
    return;
  }
  const expected = expectationOf(entry, body);
  const found = parsed.postings.length;
  const missing = Math.max(0, expected.count - found);
  const invented = Math.max(0, found - expected.count - expected.optional);
  score.files++;
  score.expected += expected.count;
  score.found += found;
  score.missing += missing;
  score.invented += invented;
  score.passedOver += expected.passedOver;
  const tell = (text: string) => score.differences.push(`${entry.path}: ${text}`);
  if (missing > 0)
    tell(
      `${missing} of ${expected.count} postings missing${parsed.refused ? ` (refused: ${parsed.refused})` : ""}`,
    );
  if (invented > 0) tell(`${invented} postings too many`);
  if (expected.mustRefuse && parsed.refused === null) tell("should have been refused");
  for (const posting of parsed.postings) {
    const checked = postingSchema.safeParse(posting);
    if (!checked.success) tell(`"${posting.title}" is no valid posting: ${checked.error.message}`);
  }
  for (const one of expected.first) {
    const posting = findPosting(one, parsed.postings);
    const verdict = judge(one, posting);
    const wrong: string[] = [];
    for (const field of ["title", "company", "location"] as const) {
      const right = verdict[field];
      if (right === null) continue;
      count(score[field], right);
      if (!right) wrong.push(field);
    }
    count(score.whole, wrong.length === 0);
    if (wrong.length > 0)
      tell(`${wrong.join(", ")} of ${JSON.stringify(one)} read as ${summary(posting)}`);
  }
}

function summary(posting: ReturnType<typeof findPosting>): string {
  if (posting === null) return "nothing";
  return JSON.stringify({
    title: posting.title,
    company: posting.company.name,
    location: posting.location,
  });
}

function count(tally: Tally, right: boolean): void {
  tally.compared++;
  if (right) tally.right++;
}

/** Prints the table and every difference; true if all targets are met. */
export function printPostingReport(scores: readonly PostingScore[]): boolean {
  const total = emptyScore("all");
  for (const score of scores) addTo(total, score);
  const header = [
    "postings",
    "files",
    "expected",
    "found",
    "missing",
    "invented",
    "passed over",
    "title",
    "company",
    "location",
    "all three",
  ];
  const rows = [...scores, total].map((score) => [
    score.kind,
    ...[
      score.files,
      score.expected,
      score.found,
      score.missing,
      score.invented,
      score.passedOver,
    ].map(String),
    ...[score.title, score.company, score.location, score.whole].map(({ right, compared }) =>
      share(right, compared),
    ),
  ]);
  console.log(table([header, ...rows]));
  for (const { differences } of scores) for (const line of differences) console.log(`  ${line}`);
  const recall = total.expected === 0 ? 1 : (total.expected - total.missing) / total.expected;
  const whole = total.whole.compared === 0 ? 1 : total.whole.right / total.whole.compared;
  const passed = recall >= targets.found && whole >= targets.whole && total.invented === 0;
  console.log(
    `${passed ? "passed" : "MISSED"}: ${(recall * 100).toFixed(2)} % of the postings found (target ${targets.found * 100} %), ` +
      `${(whole * 100).toFixed(1)} % right in title, company and location (target ${targets.whole * 100} %), ${total.invented} invented (target 0)\n`,
  );
  return passed;
}

function addTo(total: PostingScore, score: PostingScore): void {
  for (const field of ["files", "expected", "found", "missing", "invented", "passedOver"] as const)
    total[field] += score[field];
  for (const field of ["title", "company", "location", "whole"] as const) {
    total[field].right += score[field].right;
    total[field].compared += score[field].compared;
  }
}
