import type { Line } from "./page.ts";

/**
 * Words with which a page credits whoever made it. What follows on the line is not the company's.
 * Dutch, German, English, French.
 */
const CREDIT =
  /\b(?:web\s?-?(?:design|site|shop|ontwikkeling|entwicklung|development|agentur|bureau)|site|ontwerp|design|realisati(?:e|on)|réalisation|umsetzung|umgesetzt|gestaltung|konzept(?:ion)?|programmierung|technische (?:umsetzung|realisierung)|ontwikkeld|ontwikkeling|gebouwd|gemaakt|created|developed|designed|built|made|powered|hosted|hosting|theme|template)\b[^.@]{0,40}?\b(?:by|door|von|durch|par|bij)\b|\b(?:web\s?design|webdesign|webagentur|internetagentur|webbureau|konzept (?:und|&) (?:design|gestaltung|umsetzung)|technische umsetzung|user interface)\s*[:&|]/i;

/** Headings of sections that give somebody else's details: authorities, insurers, officers, picture credits. */
const THIRD_PARTY_HEADING =
  /datenschutzbeauftragt|data protection officer|functionaris.{0,5}gegevensbescherming|aufsichtsbeh|zuständige (?:kammer|behörde|stelle)|toezichthoud|autoriteit persoonsgegevens|gegevensbeschermingsautoriteit|supervisory authority|streit(?:schlichtung|beilegung)|schlichtungsstelle|geschillencommissie|haftpflichtversicher|berufshaftpflicht|kammer\b|bild(?:nachweis|quelle|rechte)|fotonachweis|photo credits?|fotografie|foto['’]?s\b|hosting|hoster|webhoster|web ?design|umsetzung|programmierung|gestaltung|technische realisierung|website (?:door|by|von)/i;

/** How far a section without an own heading element reaches, in lines. */
const SECTION_LINES = 8;

/**
 * Says for each line from which character on it speaks of somebody else than the site's owner;
 * `Infinity` means not at all.
 */
export function findThirdParties(lines: Line[]): number[] {
  let sectionEnds = -1;
  return lines.map((line, index) => {
    const isHeading = line.heading || /^[^.@\d]{3,60}:$/.test(line.text);
    if (isHeading) sectionEnds = THIRD_PARTY_HEADING.test(line.text) ? index + SECTION_LINES : -1;
    if (index <= sectionEnds) return 0;
    return CREDIT.exec(line.text)?.index ?? Number.POSITIVE_INFINITY;
  });
}
