/**
 * `npm run score -- DIR`: reads every file of DIR/TRUTH.jsonl with the product's own parsers and
 * prints what they found beside what is there, kind by kind. Ends with 1 if a target is missed.
 */

import { printHomepageReport } from "./report-homepages.ts";
import { printCsvReport, scoreCsv } from "./score-csv.ts";
import { printPostingReport, scorePostings } from "./score-postings.ts";
import { readTruth } from "./truth.ts";

const dir = process.argv[2];
if (dir === undefined) {
  console.error("usage: npm run score -- DIR   (a folder with TRUTH.jsonl)");
  process.exit(2);
}
const byKind = Map.groupBy(await readTruth(dir), (entry) => entry.kind);
const homepages = byKind.get("homepages") ?? [];
const csv = byKind.get("csv-companies") ?? [];
const postings = [...byKind].filter(([kind]) => kind !== "homepages" && kind !== "csv-companies");

let passed = true;
if (postings.length > 0) passed = printPostingReport(await scorePostings(dir, postings)) && passed;
if (csv.length > 0) passed = printCsvReport(await scoreCsv(dir, csv)) && passed;
if (homepages.length > 0) await printHomepageReport(dir, homepages);
process.exitCode = passed ? 0 : 1;
