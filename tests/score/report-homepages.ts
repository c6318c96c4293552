import { type HomepageEntry, scoreHomepages } from "./score-homepages.ts";
import { table } from "./table.ts";
import type { TruthEntry } from "./truth.ts";

/** Prints precision and recall of each field that the website reader finds on home pages. */
export async function printHomepageReport(
  dir: string,
  entries: readonly TruthEntry[],
): Promise<void> {
  const known = entries.map(({ path, truth }): HomepageEntry => ({ path, ground_truth: truth }));
  const score = await scoreHomepages(known, dir);
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
  const rows = score.fields.map(({ field, expected, found, correct, precision, recall }) => [
    field,
    ...[expected, found, correct].map(String),
    percent(precision),
    percent(recall),
  ]);
  console.log(
    table([
      [`homepages (${score.files})`, "expected", "found", "correct", "precision", "recall"],
      ...rows,
    ]),
  );
  console.log(
    `decoys taken: ${score.decoysTaken.length === 0 ? "none" : score.decoysTaken.join("; ")}`,
  );
  for (const line of score.differences) console.log(`  ${line}`);
}
