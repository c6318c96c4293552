/**
 * The sources in a text somebody pasted: one a line, or several addresses on a line. Doubled
 * ones count once; at most 200, as many as one start takes.
 */
export function splitInputs(text: string): string[] {
  const pieces = text.split(/[\n\r]+|[\s,;]+(?=https?:\/\/)/);
  const inputs = pieces.map((piece) => piece.trim().replace(/[,;]+$/, "")).filter(Boolean);
  return [...new Set(inputs)].slice(0, 200);
}
