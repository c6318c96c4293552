import type { JsonObject } from "../queue/queue.ts";

/** Which column of a lead list holds what, by index. */
export interface LeadColumns {
  email?: number;
  fullName?: number;
  firstName?: number;
  lastName?: number;
  company?: number;
  line?: number;
}

/** Names of columns in the lists that tools export, compared without case, spaces and signs. */
const NAMES: readonly (readonly [keyof LeadColumns, RegExp])[] = [
  [
    "email",
    /^(e?mail|emailaddress|mailadresse?|adresseemail|correo(electronico)?|workemail|contactemail)$/,
  ],
  ["firstName", /^(firstname|givenname|vorname|voornaam|prenom|nombre|first)$/],
  ["lastName", /^(lastname|surname|familyname|nachname|achternaam|nom|apellidos?|last)$/],
  ["fullName", /^(name|fullname|contactname|contact|person|ansprechpartner|contactpersoon|naam)$/],
  [
    "company",
    /^(company|companyname|organi[sz]ation|account|firma|unternehmen|bedrijf|bedrijfsnaam|entreprise|empresa)$/,
  ],
  ["line", /^(personali[sz]ation|personalline|icebreaker|firstline|aufhanger)$/],
];

const plain = (name: string) =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

export function leadColumns(header: readonly string[]): LeadColumns {
  const columns: LeadColumns = {};
  for (const [index, name] of header.entries()) {
    const meaning = NAMES.find(([, pattern]) => pattern.test(plain(name)))?.[0];
    if (meaning && columns[meaning] === undefined) columns[meaning] = index;
  }
  return columns;
}

/** Bytes of other columns that a lead keeps as variables of its own (the table's limit is 400). */
const VARIABLE_BYTES = 360;

/** A row as `otis.apply_import` takes it; columns without a meaning of their own become variables. */
export function leadOf(
  header: readonly string[],
  columns: LeadColumns,
  fields: readonly string[],
): JsonObject {
  const cell = (index: number | undefined) =>
    index === undefined ? null : fields[index]?.replaceAll("\u0000", "").trim() || null;
  const names = [cell(columns.firstName), cell(columns.lastName)].filter(Boolean).join(" ");
  return {
    email: cell(columns.email),
    full_name: cell(columns.fullName) ?? (names || null),
    company_name: cell(columns.company),
    personal_line: cell(columns.line),
    variables: otherColumns(header, columns, cell),
  };
}

function otherColumns(
  header: readonly string[],
  columns: LeadColumns,
  cell: (index: number) => string | null,
): JsonObject {
  const taken = new Set(Object.values(columns));
  const variables: JsonObject = {};
  for (const [index, name] of header.entries()) {
    const key = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^[^a-z]+|_+$/g, "");
    const value = cell(index);
    if (taken.has(index) || key === "" || value === null) continue;
    const longer = { ...variables, [key]: value };
    if (new TextEncoder().encode(JSON.stringify(longer)).length <= VARIABLE_BYTES)
      variables[key] = value;
  }
  return variables;
}
