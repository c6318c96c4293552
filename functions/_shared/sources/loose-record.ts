import type { PostingDraft } from "../postings/build-posting.ts";
import type { LocationDraft } from "../postings/location.ts";
import { parseSalaryText, readSalary } from "../postings/salary.ts";
import { draftFromNode } from "./job-posting-node.ts";
import { type Fields, fields, list, text } from "./json.ts";
import { isJobPosting } from "./linked-data.ts";

/**
 * Names under which feeds, CSV files and Apify actors keep what a posting says, compared without
 * case, accents and punctuation ("Job Title", "jobTitle" and "job_title" are one name). The first
 * name of a list that has a value wins.
 */
const names = {
  externalId:
    "id jobid referencenumber reference jobreference guid externalid jobkey key reqid requisitionid refnumber jobnumber ref uuid shortcode",
  title:
    "title jobtitle positiontitle positionname vacancytitle jobname roletitle stellentitel stellenbezeichnung titel intitule intituleduposte titulo puesto vacature functie stanowisko titolo headline name position role poste",
  company:
    "company companyname employer employername hiringorganization hiringcompany organization organisation advertiser unternehmen arbeitgeber firma firmenname entreprise societe empresa bedrijf bedrijfsnaam azienda foretag",
  companyUrl: "companywebsite companyurl companydomain employerwebsite employerurl companyhomepage",
  logoUrl: "companylogo companylogourl logourl logo employerlogo thumbnail",
  url: "url joburl link jobposturl detailurl detailsurl jobdetailurl joblink viewjoblink posturl permalink href pageurl sourceurl website applyurl",
  applyUrl:
    "applyurl applylink applicationurl applicationlink externalapplylink externalapplyurl joburldirect apply",
  place:
    "location joblocation formattedlocation fulllocation locationname locationtext joblocationtext locations standort arbeitsort einsatzort lieu lieudetravail localisation ubicacion locatie werklocatie plats",
  city: "city addresslocality locality town ville stadt ort plaats ciudad miasto citta stad",
  state: "state province addressregion bundesland county statecode",
  region: "region area",
  country: "country countrycode addresscountry countryname land pays pais kraj paese",
  postalCode: "postalcode zip zipcode postcode plz codepostal",
  workplace:
    "workplacetype workplace remotetype workmode worktype jobworkplacetypes locationtype joblocationtype remotestatus",
  remote: "remote isremote telecommuting remoteallowed homeoffice allowsremote",
  description:
    "descriptionhtml contentencoded jobdescriptionhtml description jobdescription content body fulldescription descriptiontext summary beschreibung stellenbeschreibung descriptif text details",
  postedAt:
    "dateposted postedat posteddate date pubdate published publishedat publicationdate posted postdate postedtime postingdateparsed postedon listedat firstpublished createdat created datecreated updated updatedat veroffentlicht",
  validThrough:
    "validthrough expirationdate expirydate expiresat expires expire expiration closingdate closedate deadline applicationdeadline enddate validuntil",
  employmentType:
    "employmenttype jobtype contracttype jobtypes employment contract type schedule worktype commitment contracttime anstellungsart arbeitszeit",
  department: "department team function category categories jobfunction jobcategory abteilung",
  salary:
    "salary salarytext salaryrange compensation pay payrange salaryinfo basesalary remuneration gehalt salaire",
  salaryMin: "salarymin minsalary salaryfrom minimumsalary salaryminimum",
  salaryMax: "salarymax maxsalary salaryto maximumsalary salarymaximum",
  currency: "salarycurrency currency",
  period: "salaryperiod salaryinterval payperiod interval salarytype",
} as const;

export type LooseName = keyof typeof names;
const lists = new Map(
  Object.entries(names).map(([name, words]) => [name as LooseName, words.split(" ")]),
);

/** "Job Title", "job_title", "jobTitle", "content:encoded" → one comparable name. */
export function looseName(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

/** What a field name stands for, null when nothing is known of it. */
export function meaningOf(name: string): LooseName | null {
  const loose = looseName(name);
  for (const [meaning, words] of lists) if (words.includes(loose)) return meaning;
  return null;
}

/** A record with unknown field names as a posting's draft. */
export function draftFromRecord(record: Fields): PostingDraft {
  if (isJobPosting(record)) return draftFromNode(record, text(record.url));
  const byName = new Map<string, unknown>();
  for (const [name, value] of Object.entries(record)) {
    const loose = looseName(name);
    if (!isEmpty(value) && !byName.has(loose)) byName.set(loose, value);
  }
  const get = (name: LooseName): unknown => {
    for (const word of lists.get(name) ?? []) {
      const value = byName.get(word);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const company = fields(get("company"));
  return {
    externalId: word(get("externalId")),
    url: word(get("url")),
    applyUrl: word(get("applyUrl")),
    title: word(get("title")),
    company: {
      name: company === null ? word(get("company")) : word(company.name ?? company.title),
      url: word(get("companyUrl")) ?? word(company?.website ?? company?.sameAs),
      logoUrl: word(get("logoUrl")) ?? word(company?.logo ?? company?.logoUrl),
    },
    location: locationOf(get),
    employmentType: flat(get("employmentType")),
    department: word(get("department")),
    salary: salaryOf(get),
    postedAt: get("postedAt"),
    validThrough: get("validThrough"),
    description: get("description"),
  };
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    (typeof value === "string" &&
      /^\s*(|n\/?a|null|none|undefined|not specified|-)\s*$/i.test(value)) ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** A scalar, the first of several, or the name of a node. */
function word(value: unknown): string | null {
  const one = Array.isArray(value) ? value[0] : value;
  const node = fields(one);
  return node === null
    ? text(one)
    : text(node.name ?? node.label ?? node.text ?? node.value ?? node.url);
}

function flat(value: unknown): unknown {
  return Array.isArray(value) ? value.map(word) : typeof value === "object" ? word(value) : value;
}

function locationOf(get: (name: LooseName) => unknown): LocationDraft {
  const value = get("place");
  const first = Array.isArray(value) ? value[0] : value;
  const node = fields(first);
  const parts = {
    city: word(get("city")) ?? word(node?.city ?? node?.addressLocality),
    region: word(get("state")) ?? word(node?.state ?? node?.region ?? node?.addressRegion),
    country:
      word(get("country")) ?? word(node?.country ?? node?.countryCode ?? node?.addressCountry),
    postalCode: word(get("postalCode")),
    workplace: flat(get("workplace")),
    remote: isYes(get("remote")),
  };
  const area = word(get("region"));
  const raw = node === null ? joined(value) : word(node);
  // "region" may be a state beside a city, or all that is said ("Poland", "Anywhere").
  if (raw !== null) return { ...parts, region: parts.region ?? area, raw };
  if (parts.city !== null) return { ...parts, region: parts.region ?? area };
  return area === null ? parts : { ...parts, region: null, raw: area };
}

function joined(value: unknown): string | null {
  const places = list(value)
    .map(text)
    .filter((place) => place !== null);
  return places.length > 0 ? places.join("; ") : text(value);
}

function isYes(value: unknown): boolean {
  return (
    value === true ||
    value === 1 ||
    (typeof value === "string" && /^(1|true|yes|y|ja|oui|remote)$/i.test(value.trim()))
  );
}

function salaryOf(get: (name: LooseName) => unknown) {
  const value = get("salary");
  const node = fields(value);
  const structured = readSalary({
    min: get("salaryMin") ?? node?.min ?? node?.minValue ?? node?.salaryMin,
    max: get("salaryMax") ?? node?.max ?? node?.maxValue ?? node?.salaryMax,
    currency: get("currency") ?? node?.currency ?? node?.salaryCurrency,
    period: get("period") ?? node?.period ?? node?.unitText ?? node?.salaryType,
  });
  return structured ?? parseSalaryText(node === null ? word(value) : word(node));
}
