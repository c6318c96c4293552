import * as z from "zod/mini";
import { cleanLine } from "../postings/plain-text.ts";
import { type LooseName, looseName, meaningOf } from "./loose-record.ts";

const position = z.optional(z.number());
/** Positions of the columns that say something about a company; absent ones are missing. */
const companyColumnsSchema = z.object({
  name: position,
  website: position,
  careers: position,
  board: position,
  boardToken: position,
  email: position,
  city: position,
  country: position,
});
export type CompanyColumns = z.infer<typeof companyColumnsSchema>;

/** Whether the first record names the columns, and what is in them; part of a checkpoint. */
export const csvTableSchema = z.union([
  z.object({ kind: z.literal("jobs"), header: z.array(z.string()), hasHeader: z.boolean() }),
  z.object({
    kind: z.literal("companies"),
    header: z.array(z.string()),
    hasHeader: z.boolean(),
    columns: companyColumnsSchema,
  }),
]);
export type CsvTable = z.infer<typeof csvTableSchema>;

/** Header names in many languages, compared as `looseName` writes them. Earlier ones win. */
const companyNames: [keyof CompanyColumns, RegExp[]][] = [
  [
    "name",
    [
      /^(company|companyname|nameofcompany|organi[sz]ation|organi[sz]ationname|unternehmen|unternehmensname|firma|firmenname|entreprise|nomdelentreprise|raisonsociale|denomination|societe|empresa|nombredelaempresa|razonsocial|bedrijf|bedrijfsnaam|naambedrijf|azienda|ragionesociale|foretag|foretagsnamn|virksomhed|nazwafirmy|employer|arbeitgeber|account|accountname|businessname|legalname)$/,
      /^(name|nom|naam|nombre|nome|namn|nazwa|navn|supplier|suppliername|vendor|fournisseur|lieferant|client|customer|kunde|brand|security|companies)$/,
    ],
  ],
  [
    "website",
    [
      /^(website|companywebsite|websiteurl|web|webseite|homepage|siteweb|siteinternet|sitioweb|paginaweb|internet|domain|companydomain|domaine|domein|www)$/,
      /^(url|companyurl|site|link|web ?address)$/,
    ],
  ],
  ["careers", [/career|jobboard|jobsurl|jobsite|karriere|stellenseite|recrutement|vacanc/]],
  ["board", [/^(ats|atstype|atsname|atsprovider|jobboardtype)$/]],
  ["boardToken", [/^(identifier|atsidentifier|atsid|atstoken|boardtoken|atsslug|slug|token)$/]],
  ["email", [/^(email|emailaddress|mail|kontaktemail|courriel|contactemail|correo)$/]],
  [
    "city",
    [
      /^(city|ville|stadt|ort|plaats|ciudad|citta|miasto|town|stad)$/,
      /^(headquarters|headquarterslocation|hq|location|standort|lieu|locatie)$/,
    ],
  ],
  ["country", [/^(country|countrycode|land|pays|codepays|pais|kraj|paese)$/]],
];

/** Sorts a table out by its first records; null when nothing in it can be used. */
export function readTable(records: readonly string[][]): CsvTable | null {
  const [first, ...rest] = records;
  if (first === undefined) return null;
  const header = first.map((cell) => cleanLine(cell, 200) ?? "");
  if (isJobTable(header)) return { kind: "jobs", header, hasHeader: true };
  const known = companyColumns(header);
  if ([known.name, known.website, known.careers].some((column) => column !== undefined)) {
    return { kind: "companies", header, hasHeader: true, columns: known };
  }
  // Without a name that is understood, columns are told by what stands in them.
  const hasHeader = looksLikeHeader(header);
  const columns = columnsByContent(hasHeader ? rest : records);
  if (columns === null) return null;
  const named = hasHeader && header.every((cell, index) => !looksLikeData(cell, columns, index));
  return { kind: "companies", header, hasHeader: named, columns };
}

/** A header has no numbers, addresses or e-mails in it. */
function looksLikeHeader(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== "");
  return (
    filled.length > 0 && !filled.some((cell) => isAddress(cell) || /@|^[\d\s.,+/-]+$/.test(cell))
  );
}

/** Beside a title stands something that only a posting has, and nobody's name. */
function isJobTable(header: readonly string[]): boolean {
  const meanings = header.map(meaningOf);
  const names = header.map(looseName);
  const people =
    names.some((name) => personNames.test(name)) ||
    (names.includes("name") && names.includes("email"));
  return (
    !people &&
    names.some((name) => jobTitleNames.test(name)) &&
    meanings.some((meaning) => meaning !== null && besideTitle.includes(meaning))
  );
}
const personNames =
  /^(first|last|full|sur|family|given|contact)name$|^(vor|nach)name$|^(prenom|apellidos?)$/;
const jobTitleNames =
  /^(title|jobtitle|positiontitle|position|role|stellentitel|stellenbezeichnung|intituleduposte|vacature|vacancytitle|jobname)$/;
const besideTitle: readonly LooseName[] = [
  "company",
  "url",
  "description",
  "postedAt",
  "place",
  "employmentType",
];

function companyColumns(header: readonly string[]): CompanyColumns {
  const names = header.map(looseName);
  const columns: CompanyColumns = {};
  for (const [key, patterns] of companyNames) {
    for (const pattern of patterns) {
      const index = names.findIndex(
        (name, at) => pattern.test(name) && !Object.values(columns).includes(at),
      );
      if (index >= 0) {
        columns[key] = index;
        break;
      }
    }
  }
  return columns;
}

/** A legal form at the end of a short cell, in its usual spelling. */
const legalForm =
  /^.{1,70}\b(GmbH( & Co\. KG)?|AG|KG|UG|Inc|LLC|L\.L\.C|Ltd|LTD|Limited|PLC|plc|Corp|S\.?A\.?(S|RL|R\.L)?|SARL|B\.?V|N\.?V|S\.?r\.?l|SpA|S\.p\.A|S\.?L|Sp\. z o\.o|Oy|AB|ApS|A\/S|s\.r\.o)\.?$/;

/** Columns of a table without header: addresses give themselves away, and so do legal forms. */
function columnsByContent(records: readonly string[][]): CompanyColumns | null {
  const width = Math.max(0, ...records.map((record) => record.length));
  const share = (index: number, test: (cell: string) => boolean) => {
    const cells = records
      .map((record) => record[index]?.trim() ?? "")
      .filter((cell) => cell !== "");
    return cells.length === 0 ? 0 : cells.filter(test).length / cells.length;
  };
  const columns: CompanyColumns = {};
  for (let index = 0; index < width; index++) {
    if (columns.website === undefined && share(index, isAddress) >= 0.6) columns.website = index;
    else if (
      columns.name === undefined &&
      share(index, (cell) => legalForm.test(cell.trim())) >= 0.3
    )
      columns.name = index;
  }
  if (columns.website === undefined && columns.name === undefined) return null;
  if (columns.name === undefined && columns.website !== undefined && columns.website > 0)
    columns.name = 0;
  return columns;
}

function looksLikeData(cell: string, columns: CompanyColumns, index: number): boolean {
  return index === columns.website
    ? isAddress(cell)
    : index === columns.name && legalForm.test(cell.trim());
}

function isAddress(cell: string): boolean {
  return (
    /^(https?:\/\/)?([\w-]+\.)+[a-z]{2,}(\/\S*)?$/i.test(cell.trim()) && !/^\d+(\.\d+)*$/.test(cell)
  );
}
