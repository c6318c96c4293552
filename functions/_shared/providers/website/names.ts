import type { Found } from "./found.ts";
import type { Page } from "./page.ts";
import { type Organisation, texts } from "./structured-data.ts";

type FoundText = Found<{ value: string }>;

/** Legal forms, with which a name in running text gives itself away. */
export const LEGAL_FORM =
  /(?:\s|,\s?)(?:GmbH(?: ?& ?Co\.? ?(?:KG|KGaA|OHG))?|gGmbH|mbH|AG|SE|KG|OHG|GbR|e\.? ?K\.?|e\.? ?V\.?|eG|UG(?: \(haftungsbeschränkt\))?|B\.? ?V\.?|N\.? ?V\.?|V\.? ?O\.? ?F\.?|BVBA|CVBA|BV|NV|VOF|VZW|SRL|SPRL|S\.? ?A\.?(?:S|RL)?|SARL|SAS|Ltd\.?|Limited|LLC|LLP|Inc\.?|PLC|plc|Corp\.?|Co\.?)(?=$|[\s,.|)–-])/u;

const GENERIC =
  /^(?:home(?:page)?|us|start(?:seite|pagina)?|welkom|welcome|willkommen|contact|kontakt|over ons|über uns|about(?: us)?|impressum|vacatures|karriere|jobs?|careers?|team|diensten|leistungen|services|nieuws|news|blog|index|untitled|page title|my (?:site|website|blog)|just another wordpress site|wordpress|website|official site|datenschutz(?:erklärung)?|privacy(?: policy|verklaring)?|disclaimer|colofon|site title)$/i;
const UNFILLED =
  /^-{2,}|-{2,}$|[{}[\]<>]|lorem ipsum|your company|mustermann|site name|project name/i;

/**
 * Finds what the company calls itself: structured data, the site's name, a copyright line,
 * else the part of the title that looks most like the `stems` of the site's domains. A title's `city` is not a name.
 */
export function extractName(
  page: Page,
  organisations: Organisation[],
  stems: string[],
  city: string | null,
): FoundText | null {
  const found: FoundText[] = [];
  const offer = (
    value: string | undefined,
    confidence: number,
    method: FoundText["method"],
  ): void => {
    const text = tidy(value ?? "");
    if (text.length < 2 || text.length > 80 || GENERIC.test(text) || UNFILLED.test(text)) return;
    if (text === city || !/^[\p{L}\d'’„"]/u.test(text)) return;
    const simple = simplify(text.replace(LEGAL_FORM, ""));
    const fits = stems.some(
      (stem) => stem.length > 2 && (stem.includes(simple) || simple.includes(stem)),
    );
    found.push({ value: text, confidence: Math.min(0.98, confidence + (fits ? 0.08 : 0)), method });
  };
  for (const { thing, method } of organisations) {
    offer(
      texts(thing, "name")[0] ?? texts(thing, "legalName")[0],
      method === "json_ld" ? 0.9 : 0.85,
      method,
    );
  }
  offer(page.meta.get("og:site_name"), 0.85, "meta");
  offer(page.meta.get("application-name"), 0.7, "meta");
  const body = page.lines.map((line) => line.text).join("\n");
  for (const part of titleParts(page))
    offer(part.text, 0.55 + (occurrences(body, part.text) > 1 ? 0.1 : 0) + part.bonus, "meta");
  for (const line of page.lines) {
    const owner =
      /(?:©|\(c\)|copyright(?=\s*(?:©|(?:19|20)\d{2})))\s*(?:©\s*)?(?:(?:by|door|von)\s+)?(?:(?:19|20)\d{2}\s*(?:[-–/]\s*(?:(?:19|20)?\d{2}|heden|present|today))?)?[\s,.:|–-]*(.{2,60}?)(?:\s*[|•·]|\.\s|\s[–-]\s|,|\ball rights\b|\balle rechte\b|\balle rechten\b|\d{4}|$)/iu.exec(
        line.text,
      )?.[1];
    if (line.text.length < 200) offer(owner?.replace(/\.$/, ""), 0.5, "text");
    if (line.text.length < 60 && LEGAL_FORM.test(` ${line.text}`) && !/[.!?:]\s|\d/.test(line.text))
      offer(line.text, line.region === "body" ? 0.6 : 0.7, "text");
  }
  return found.reduce<FoundText | null>(
    (best, next) => (best === null || next.confidence > best.confidence ? next : best),
    null,
  );
}

/** The parts of the title between separators; a name mostly stands at one of its ends. */
function titleParts(page: Page): { text: string; bonus: number }[] {
  const title =
    page.meta.get("og:title") !== undefined && page.title === ""
      ? (page.meta.get("og:title") ?? "")
      : page.title;
  const parts = title
    .split(/\s+[|·•–—»:-]+\s+|\s*[|»·]\s*/u)
    .map((part) =>
      part
        .replace(/^(?:contact|kontakt|over ons|über uns|impressum|home)\s+(?=\p{Lu})/iu, "")
        .trim(),
    )
    .filter(Boolean);
  return parts.map((text, index) => ({
    text,
    bonus:
      (LEGAL_FORM.test(` ${text}`) ? 0.1 : 0) +
      (parts.length > 1 && index === parts.length - 1 ? 0.02 : 0) -
      Math.max(0, text.split(" ").length - 4) * 0.05,
  }));
}

/** Finds the company's own short description of itself. */
export function extractDescription(page: Page, organisations: Organisation[]): FoundText | null {
  const found: FoundText[] = [];
  for (const { thing, method } of organisations) {
    const value = texts(thing, "description")[0];
    if (value !== undefined) found.push({ value: tidy(value), confidence: 0.9, method });
  }
  for (const key of ["description", "og:description", "twitter:description"]) {
    const value = page.meta.get(key);
    if (value !== undefined)
      found.push({
        value: tidy(value),
        confidence: key === "description" ? 0.85 : 0.8,
        method: "meta",
      });
  }
  return found.find(({ value }) => value.length >= 20 && !UNFILLED.test(value)) ?? null;
}

function occurrences(text: string, part: string): number {
  return part.length < 3 ? 0 : text.split(part).length - 1;
}

function tidy(text: string): string {
  return text.replace(/\s+/g, " ").replace(/^[\s|–—:-]+|[\s|–—:-]+$/gu, "");
}

function simplify(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^a-z\d]/g, "");
}
