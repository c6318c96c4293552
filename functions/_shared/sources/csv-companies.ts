import {
  companyKey,
  domainLabel,
  isNamedAfter,
  nameFromToken,
  readCompany,
  registrableDomain,
} from "../postings/company.ts";
import { countryCode } from "../postings/countries.ts";
import { cleanLine } from "../postings/plain-text.ts";
import type { CompanyColumns } from "./csv-columns.ts";
import type { CsvRecord } from "./csv-reader.ts";
import { detectBoards, detectScrapable } from "./detect-source.ts";
import type { CompanyRow, SourceRef } from "./source.ts";

/** One row per company of the batch: lists of sites or payments name the same one many times. */
export function companiesOf(records: readonly CsvRecord[], columns: CompanyColumns): CompanyRow[] {
  const rows = new Map<string, CompanyRow>();
  for (const { fields } of records) {
    const row = companyOf(fields, columns);
    if (row === null) continue;
    const key = row.domain ?? companyKey(row.name);
    const earlier = rows.get(key);
    rows.set(key, earlier === undefined ? row : { ...row, ...withoutNulls(earlier) });
  }
  return [...rows.values()];
}

function withoutNulls(row: CompanyRow): Partial<CompanyRow> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

function companyOf(fields: readonly string[], columns: CompanyColumns): CompanyRow | null {
  const cell = (key: keyof CompanyColumns) => {
    const index = columns[key];
    return index === undefined ? null : cleanLine(fields[index], 400);
  };
  const { url, domain, name } = readCompany({ name: cell("name"), url: cell("website") }, null);
  const careers = cell("careers");
  const mail = registrableDomain(cell("email")?.split("@")[1]);
  // A mail provider's domain is not the company's: the name has to agree.
  const ownDomain =
    domain ?? (mail !== null && (name === null || isNamedAfter(name, mail)) ? mail : null);
  const company = {
    name: name ?? (ownDomain === null ? null : nameFromToken(domainLabel(ownDomain))),
    domain: ownDomain,
  };
  if (company.name === null) return null;
  const source =
    boardOf(cell("board"), cell("boardToken")) ??
    detectScrapable(careers ?? "") ??
    detectScrapable(url ?? "");
  return {
    name: company.name,
    domain: ownDomain,
    url,
    city: cleanLine(cell("city")?.split(/[,;]/)[0], 80),
    country: countryCode(cell("country")),
    source: source === null ? null : { ...source, company },
  };
}

/** "greenhouse" and "acme" in two columns name a board. */
function boardOf(board: string | null, token: string | null): SourceRef | null {
  return board === null || token === null ? null : detectBoards(`${board}:${token}`);
}
