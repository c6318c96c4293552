/**
 * What a browser loads before a page works, from the manifest of the last build (`dist/web`).
 * Fails when the first load has grown beyond its budget. `npm run size`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** KB of gzip, 1,000 bytes each, as browsers and budgets count. */
const BUDGET = 170;
const dist = fileURLToPath(new URL("../dist/web/", import.meta.url));
const manifest: Record<string, Chunk> = JSON.parse(
  readFileSync(`${dist}.vite/manifest.json`, "utf8"),
);

/** The scripts of these entries with everything they import, once each. */
function scriptsOf(entries: readonly string[]): Set<string> {
  const keys = new Set<string>();
  const take = (key: string) => {
    if (keys.has(key)) return;
    keys.add(key);
    for (const imported of manifest[key]?.imports ?? []) take(imported);
  };
  for (const entry of entries) take(entry);
  return new Set([...keys].flatMap((key) => manifest[key]?.file ?? []));
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist + file)).length, 0) / 1000;

const page = "index.html";
const badge = "src/app/inbox.tsx";
const session = ["src/app/session-page.tsx", "src/features/scraping/scraping-view.tsx"];
const loads: [string, readonly string[]][] = [
  ["first load: sign-in and list of sessions, live inbox included", [page, badge]],
  ["… until the page works (without what comes after)", [page]],
  ["session page, scraping", [page, badge, ...session]],
  [
    "session page, company table",
    [page, badge, session[0] ?? "", "src/features/enrichment/enrichment-view.tsx"],
  ],
];
for (const [name, entries] of loads) {
  console.log(`${kilobytes(scriptsOf(entries)).toFixed(1).padStart(8)} KB  ${name}`);
}
const first = kilobytes(scriptsOf([page, badge]));
if (first > BUDGET) {
  console.error(`The first load has ${first.toFixed(1)} KB, ${BUDGET} KB are allowed.`);
  process.exitCode = 1;
}
