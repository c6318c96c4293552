import type { PostingDraft } from "../postings/build-posting.ts";
import type { CompanyDraft } from "../postings/company.ts";
import { type LocationDraft, parseLocation } from "../postings/location.ts";
import type { Salary } from "../postings/posting.ts";
import { parseSalaryText, readSalary } from "../postings/salary.ts";
import { type Fields, fields, text } from "./json.ts";

/** schema.org lets every property be a value, a node or an array of them. */
function first(value: unknown): unknown {
  return Array.isArray(value) ? value.find((item) => item !== null && item !== "") : value;
}
function every(value: unknown): unknown[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (item) => item !== null && item !== undefined,
  );
}
/** A string, or the name or value of a node that stands for one. */
function word(value: unknown): string | null {
  const one = first(value);
  const node = fields(one);
  return node === null
    ? text(one)
    : text(first(node.name) ?? first(node.value) ?? first(node["@value"]));
}

/** A schema.org JobPosting (out of JSON-LD, microdata or RDFa) as a draft. `pageUrl` is where it stands. */
export function draftFromNode(node: Fields, pageUrl: string | null): PostingDraft {
  return {
    externalId: identifier(node.identifier) ?? word(node.jobReference),
    url: pageAddress(node) ?? pageUrl,
    applyUrl: word(node.applicationUrl) ?? word(node.applyUrl),
    title: word(node.title) ?? word(node.name),
    company: organisation(node.hiringOrganization),
    location: place(node),
    employmentType: every(node.employmentType).map(word),
    department: word(node.department),
    salary: salary(node),
    postedAt: word(node.datePosted) ?? word(node.datePublished),
    validThrough: word(node.validThrough),
    description: description(node),
  };
}

function pageAddress(node: Fields): string | null {
  const id = text(node["@id"]);
  return (
    word(node.url) ??
    word(node.mainEntityOfPage) ??
    (id !== null && /^https?:/.test(id) ? id : null)
  );
}

function identifier(value: unknown): string | null {
  const one = first(value);
  const node = fields(one);
  return node === null ? text(one) : text(first(node.value) ?? first(node["@id"]));
}

function organisation(value: unknown): CompanyDraft {
  const one = first(value);
  const node = fields(one);
  if (node === null) return { name: one };
  const logo = first(node.logo);
  return {
    name: first(node.name) ?? first(node.legalName),
    url: first(node.sameAs) ?? first(node.url),
    logoUrl: fields(logo)?.url ?? fields(logo)?.contentUrl ?? logo,
  };
}

function place(node: Fields): LocationDraft {
  const places = every(node.jobLocation)
    .map(address)
    .filter((draft) => draft !== null);
  const workplace = word(node.jobLocationType) ?? undefined;
  const [main, ...others] = places;
  if (main === undefined) {
    const areas = every(node.applicantLocationRequirements);
    return { country: areas.length === 1 ? word(areas[0]) : null, workplace };
  }
  if (others.length === 0) return { ...main, workplace };
  const raws = places.map((draft) => parseLocation(draft).raw).filter((raw) => raw !== null);
  return { ...main, raw: [...new Set(raws)].join("; "), workplace };
}

function address(value: unknown): LocationDraft | null {
  const node = fields(value);
  if (node === null) return text(value) === null ? null : { raw: value };
  const inner = first(node.address) ?? (node.addressLocality !== undefined ? node : null);
  const postal = fields(inner);
  if (postal === null)
    return text(inner) === null
      ? word(node) === null
        ? null
        : { raw: word(node) }
      : { raw: inner };
  const draft = {
    street: word(postal.streetAddress),
    postalCode: word(postal.postalCode),
    city: word(postal.addressLocality),
    region: word(postal.addressRegion),
    country: word(postal.addressCountry),
  };
  return Object.values(draft).every((part) => part === null)
    ? { raw: word(node) ?? word(postal) }
    : draft;
}

function salary(node: Fields): Salary | null {
  const value = first(node.baseSalary) ?? first(node.estimatedSalary);
  const currency = word(node.salaryCurrency);
  const amount = fields(value);
  if (amount === null) {
    const spoken = parseSalaryText(`${text(value) ?? ""} ${currency ?? ""}`);
    return spoken ?? readSalary({ min: value, max: value, currency });
  }
  const inner = first(amount.value);
  const quantity = fields(inner) ?? amount;
  const exact = fields(inner) === null ? inner : first(quantity.value);
  return readSalary({
    min: first(quantity.minValue) ?? exact,
    max: first(quantity.maxValue) ?? exact,
    currency: word(amount.currency) ?? word(quantity.currency) ?? currency,
    period: word(quantity.unitText) ?? word(amount.unitText) ?? word(quantity.unitCode),
  });
}

function description(node: Fields): string | null {
  const main = word(node.description);
  if (main !== null) return main;
  const sections = [
    node.responsibilities,
    node.qualifications,
    node.skills,
    node.experienceRequirements,
  ]
    .map(word)
    .filter((section) => section !== null);
  return sections.length === 0 ? null : sections.join("\n\n");
}
