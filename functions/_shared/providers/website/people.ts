import type { Found, Person } from "./found.ts";
import type { Page } from "./page.ts";
import { findPersons, texts, typesOf } from "./structured-data.ts";

/** Roles as they are written beside names; Dutch, German, English, French. */
const ROLE =
  /\b(?:geschäftsführ(?:er(?:in)?|ung)|geschäftsleitung|inhaber(?:in)?|eigentümer(?:in)?|prokurist(?:in)?|vorstand(?:svorsitzende[rn]?)?|leit(?:er|ung|erin)|personalleit\w+|ausbildungsleit\w+|vertriebs\w+|meister(?:in)?|bauleiter(?:in)?|büroleitung|ansprechpartner(?:in)?|eigenaar|eigenaresse|directeur|directrice|algemeen directeur|zaakvoerder|bestuurder|bedrijfsleider|vestigingsmanager|hoofd|teamleider|projectleider|planner|recruiter|hr[ -]?(?:manager|adviseur|medewerker|business partner|officer)?|personeelszaken|p&o|office ?manager|accountmanager|adviseur|ceo|cto|cfo|coo|cmo|founder|co-?founder|owner|managing director|director|chairman|president|manager|head of [\p{L} ]+|gérante?|gérant|fondat(?:eur|rice)|responsable [\p{L} ]+|oprichter|mede-?oprichter|gründer(?:in)?)\b/iu;

/** Two to four words with capitals; particles between them are allowed. */
const NAME =
  /^(?:(?:dr|prof|ing|ir|drs|mr|mrs|ms|dipl\.?-ing|mag|herr|frau|dhr|mevr|mw)\.?\s+)*(\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}\.)*(?:\s(?:van|von|de|der|den|ten|ter|te|het|'t|le|la|el|zu|zum|vom|du|dos|da|di|al|md\.?)){0,3}(?:\s\p{Lu}[\p{L}'’.-]+){1,3})$/iu;
const NOT_A_NAME =
  /\b(?:gmbh|b\.?v\.?|n\.?v\.?|team|kontakt|contact|adres|adresse|telefon|telefoon|mail|impressum|über|onze|ons|unsere?|our|the|straße|str\.|straat|weg|laan|register|amtsgericht|kamer|handels|verantwortlich|bekijk|lees|meer|read|more|diensten|leistungen|service|vacature|stellen|bedrijf|unternehmen|privacy|cookie|home|nieuws|news|open|uur|uhr|maandag|montag|monday|website|online|jahre|jaar|offerte|aanvragen|started|wort|welkom|willkommen|get|start|apply|join)\b/iu;

const IMPRINT_ROLE =
  /(?:^|[\s|,;])(geschäftsführ(?:er(?:in)?|ung|ende[rn]? gesellschafter(?:in)?)|inhaber(?:in)?|vertreten durch|vertretungsberechtigte?r? (?:geschäftsführer(?:in)?|gesellschafter(?:in)?)|zaakvoerder|eigenaar|directeur|directie|bestuurder|owner|managing director|gérant)\s*(?:\(?(?:in|innen|\/in)\)?)?\s*[:.]?\s+(.{4,120})$/iu;

/**
 * Finds people with their roles: structured data, imprint lines ("Geschäftsführer: …") and name cards,
 * where a short line with a name stands beside a short line with a role.
 */
export function extractPeople(page: Page, company: string | null): Found<Person>[] {
  const people = new Map<string, Found<Person>>();
  const add = (person: Found<Person>): void => {
    const key = person.name.toLowerCase();
    if (key === company?.toLowerCase()) return;
    const known = people.get(key);
    if (known === undefined) people.set(key, person);
    else
      people.set(key, {
        ...known,
        role: known.role ?? person.role,
        email: known.email ?? person.email,
        phone: known.phone ?? person.phone,
      });
  };
  for (const { thing, method, relation } of findPersons(page)) {
    const name = texts(thing, "name")[0];
    if (name === undefined || !readName(name) || typesOf(thing).includes("Organization")) continue;
    const role =
      texts(thing, "jobTitle")[0] ??
      texts(thing, "contactType")[0] ??
      (relation.startsWith("founder") ? "founder" : null);
    add({
      name,
      role,
      email: texts(thing, "email")[0]?.replace(/^mailto:/i, "") ?? null,
      phone: texts(thing, "telephone")[0] ?? null,
      confidence: 0.95,
      method,
    });
  }
  for (const [index, line] of page.lines.entries()) {
    const named =
      IMPRINT_ROLE.exec(line.text) ??
      IMPRINT_ROLE.exec(`${line.text} ${page.lines[index + 1]?.text ?? ""}`);
    if (named?.[1] !== undefined && named[2] !== undefined && line.text.length < 160) {
      const role = /^vertret/i.test(named[1]) ? "Geschäftsführer" : named[1];
      for (const name of named[2].split(/\s*(?:,|;|\||\bund\b|\ben\b|\band\b|&|\/)\s*/u)) {
        const read = readName(name.replace(/\(.*?\)/g, "").trim());
        if (read === null) break;
        add({ name: read, role, email: null, phone: null, confidence: 0.85, method: "imprint" });
      }
    }
    const card = readCard(page, index);
    if (card !== null) add(card);
  }
  return [...people.values()];
}

/** A name that is also an e-mail's local part in some common pattern belongs to that address. */
export function matchEmail(name: string, addresses: string[]): string | null {
  const words = simplify(name).split(" ");
  const [first = "", last = ""] = [words[0], words.at(-1)];
  const patterns = [
    `${first}.${last}`,
    `${first}${last}`,
    `${first[0]}.${last}`,
    `${first[0]}${last}`,
    `${first}-${last}`,
    `${first}_${last}`,
    `${last}.${first}`,
    first,
    last,
  ];
  for (const pattern of patterns) {
    const match = addresses.find((address) => address.split("@")[0] === pattern);
    if (match !== undefined) return match;
  }
  return null;
}

function readCard(page: Page, index: number): Found<Person> | null {
  const text = page.lines[index]?.text ?? "";
  const name = text.length <= 40 ? readName(text) : null;
  if (name !== null) {
    const role = page.lines[index + 1]?.text ?? "";
    return isRole(role)
      ? { name, role, email: null, phone: null, confidence: 0.75, method: "text" }
      : null;
  }
  // "Jan de Vries, directeur" and "Jan de Vries – directeur" on one line.
  const [left = "", right = ""] = text.split(/\s*[,|–—]\s*|\s-\s/u);
  const inline = text.length < 80 ? readName(left) : null;
  return inline !== null && isRole(right)
    ? { name: inline, role: right, email: null, phone: null, confidence: 0.7, method: "text" }
    : null;
}

function isRole(text: string): boolean {
  const isNoun =
    /^\p{Lu}|^(?:hr|it|p&o|co-)/u.test(text) &&
    !/\b(?:a|an|the|een|de|het|der|die|das|von|van|become|word|unsere?r?|onze|ons|our|:)\b|[:?!]/i.test(
      text,
    );
  return (
    isNoun &&
    text.length > 2 &&
    text.split(" ").length <= 6 &&
    ROLE.test(text) &&
    !/\.\s|@|\d{3}/.test(text)
  );
}

function readName(text: string): string | null {
  const name = NAME.exec(text.trim())?.[1];
  // The pattern ignores case for titles and particles; the name itself must not.
  if (name === undefined || !/^\p{Lu}/u.test(name) || NOT_A_NAME.test(name) || ROLE.test(name))
    return null;
  const words = name.split(" ");
  const capitals = words.filter((word) => /^['’]?\p{Lu}/u.test(word)).length;
  return capitals >= 2 && !words.every((word) => word === word.toUpperCase()) ? name : null;
}

function simplify(text: string): string {
  return text
    .toLowerCase()
    .replace(/ä/g, "ae")
    .replace(/ö/g, "oe")
    .replace(/ü/g, "ue")
    .replace(/ß/g, "ss")
    .normalize("NFKD")
    .replace(/[^a-z ]/g, "")
    .trim();
}
