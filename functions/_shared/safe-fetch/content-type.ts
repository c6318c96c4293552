/** Everything OTIS can read: pages, feeds, JSON, CSV. No images, archives, PDFs or media. */
export const acceptableTypes: readonly string[] = [
  "text/*",
  "application/json",
  "application/*+json",
  "application/x-ndjson",
  "application/xml",
  "application/*+xml",
  "application/csv",
];

/** What servers say when they do not know: only the bytes can tell. */
const vagueTypes = new Set([
  "application/octet-stream",
  "binary/octet-stream",
  "application/vnd.ms-excel", // what Excel registers for .csv
  "application/force-download",
  "application/download",
]);

/** Whether a media type is on the list; vague and missing ones depend on the bytes. */
export function isAcceptable(
  mediaType: string | null,
  accept: readonly string[],
): "yes" | "no" | "if-text" {
  if (mediaType !== null && accept.some((pattern) => matches(mediaType, pattern))) return "yes";
  return mediaType === null || vagueTypes.has(mediaType) ? "if-text" : "no";
}

function matches(mediaType: string, pattern: string): boolean {
  if (pattern === "*/*") return true;
  const [before = "", after = "", ...rest] = pattern.split("*");
  if (rest.length > 0 || !pattern.includes("*")) return mediaType === pattern;
  return mediaType.startsWith(before) && mediaType.endsWith(after);
}

/** Text holds no NUL bytes, unless it is UTF-16, which then begins with its mark. */
export function looksLikeText(bytes: Uint8Array): boolean {
  const [a, b] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return !bytes.subarray(0, 1024).includes(0);
}
