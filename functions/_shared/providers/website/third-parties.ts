import type { Line } from "./page.ts";

/**
 * Words with which a page credits whoever made it. What follows on the line is not the company's.
 * Dutch, German, English, French.
 */
const CREDIT =
  /\b(?:web\s?-?(?:design|site|shop|ontwikkeling|entwicklung|development|agentur|bureau)|site|ontwerp|design|realisati(?:e|on)|r[ée]alis(?:ation|é)|umsetzung|umgesetzt|gestaltung|konzept(?:ion)?|programmierung|technische (?:umsetzung|realisierung)|ontwikkeld|ontwikkeling|gebouwd|gemaakt|created|developed|designed|built|made|powered|hosted|hosting|theme|template)\b[^.@]{0,40}?\b(?:by|door|von|durch|par|bij)\b|\b(?:web\s?design|webdesign|webagentur|internetagentur|webbureau|konzept (?:und|&) (?:design|gestaltung|umsetzung)|technische umsetzung|user interface)\s*[:&|]/i;

/** Headings of sections that give somebody else's details: authorities, insurers, officers. */
const THIRD_PARTY_HEADING =
  /datenschutzbeauftragt|data protection officer|functionaris.{0,5}gegevensbescherming|aufsichtsbeh|zuständige (?:kammer|behörde|stelle)|toezichthoud|autoriteit persoonsgegevens|gegevensbeschermingsautoriteit|supervisory authority|streit(?:schlichtung|beilegung)|schlichtungsstelle|geschillencommissie|haftpflichtversicher|bild(?:nachweis|quelle|rechte)|fotonachweis|photo credits?/i;

/** Headings that mean makers and helpers in legal pages, but may be what a company sells anywhere else. */
const HELPER_HEADING =
  /\bkammer\b|fotografie|foto['’]?s\b|hosting|hoster|web ?design|umsetzung|programmierung|gestaltung|technische realisierung|website (?:door|by|von)/i;

const LEGAL_PAGE =
  /^(?:impressum|imprint|colofon|datenschutz|privacy|legal notice|mentions légales|disclaimer)/i;

/** How far a section reaches at most, in lines. */
const SECTION_LINES = 8;

/**
 * Says for each line from which character on it speaks of somebody else than the site's owner;
 * `Infinity` means not at all.
 */
export function findThirdParties(lines: Line[]): number[] {
  const isLegalPage = lines.some((line) => line.heading && LEGAL_PAGE.test(line.text));
  let sectionEnds = -1;
  return lines.map((line, index) => {
    if (line.heading || /^[^.@\d]{3,60}:$/.test(line.text)) {
      const isForeign =
        THIRD_PARTY_HEADING.test(line.text) || (isLegalPage && HELPER_HEADING.test(line.text));
      sectionEnds = isForeign ? index + SECTION_LINES : -1;
    }
    if (index <= sectionEnds) return 0;
    return CREDIT.exec(line.text)?.index ?? Number.POSITIVE_INFINITY;
  });
}
