import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fields, fields, parseJson, text } from "../../functions/_shared/sources/json.ts";

/** One line of a TRUTH.jsonl: a file, what kind it is, and what a correct reader finds in it. */
export type TruthEntry = { path: string; kind: string; note: string; truth: Fields };

/** Reads DIR/TRUTH.jsonl; lines that are no such object are refused, not passed over. */
export async function readTruth(dir: string): Promise<TruthEntry[]> {
  const lines = (await readFile(join(dir, "TRUTH.jsonl"), "utf8")).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const value = fields(parseJson(line));
      const truth = fields(value?.ground_truth);
      const [path, kind] = [text(value?.path), text(value?.kind)];
      if (truth === null || path === null || kind === null) {
        throw new Error(`TRUTH.jsonl, line ${index + 1}: no path, kind or ground_truth`);
      }
      return { path, kind, note: text(value?.note) ?? "", truth };
    });
}
