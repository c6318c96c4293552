import { fold } from "./plain-text.ts";
import type { EmploymentType } from "./posting.ts";

/** First match wins: the more particular kinds come before "full time". */
const patterns: [RegExp, EmploymentType][] = [
  [
    /\b(intern|interns|internship|internships|praktik\w*|stage|stagiaire|staz\w*|becari\w*|tirocin\w*|trainee)\b/,
    "internship",
  ],
  [
    /\b(apprentice\w*|ausbildung\w*|azubi|alternance|apprentissage|aprendiz\w*|leerling\w*)\b/,
    "apprenticeship",
  ],
  [/\b(volunteer\w*|ehrenamt\w*|benevol\w*|vrijwillig\w*|wolontar\w*)\b/, "volunteer"],
  [
    /\b(part ?time|parttime|teilzeit|temps partiel|media jornada|tiempo parcial|deltid|deeltijd|niepelny etat|czesc etatu|mini ?job)\b/,
    "part_time",
  ],
  [
    /\b(temporary|temp|seasonal|per diem|befristet|fixed term|cdd|interim|temporal|tijdelijk|aushilfe|vikariat|saison\w*)\b/,
    "temporary",
  ],
  [
    /\b(contract|contractor|freelance\w*|freiberuf\w*|b2b|umowa|zzp|autonomo|consultant|c2c)\b/,
    "contract",
  ],
  [
    /\b(full ?time|fulltime|full|vollzeit|temps plein|temps complet|jornada completa|tiempo completo|heltid|voltijd|fulltid|pelny etat|permanent|unbefristet\w*|festanstellung|cdi|indefinido|regular|direct placement|direct hire)\b/,
    "full_time",
  ],
];

/**
 * One employment type out of what sources write in many words and languages, or out of a list
 * (schema.org allows several; the first that is understood counts). Null when nothing is said.
 */
export function parseEmploymentType(value: unknown): EmploymentType | null {
  const values = Array.isArray(value) ? value : [value];
  let other: EmploymentType | null = null;
  for (const item of values) {
    if (typeof item !== "string" || item.trim() === "") continue;
    // "FullTime" and "FULL_TIME" are the same words; schema.org URLs end in the word.
    const spaced = item
      .slice(0, 200)
      .replace(/^.*\//, "")
      .replace(/([a-z])([A-Z])/g, "$1 $2");
    const words = fold(spaced);
    const match = patterns.find(([pattern]) => pattern.test(words));
    if (match !== undefined) return match[1];
    if (words === "other") other = "other";
  }
  return other;
}
