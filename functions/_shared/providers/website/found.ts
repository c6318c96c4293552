/** How a value was found, from the most to the least formal. */
export type Method =
  | "json_ld"
  | "microdata"
  | "meta"
  | "mailto"
  | "tel"
  | "link"
  | "map"
  | "imprint"
  | "text"
  | "script"
  | "guessed";

/** A value together with how sure we are of it (0 to 1) and how it was found. */
export type Found<T> = T & { confidence: number; method: Method };

export interface Email {
  /** Lower-case address. */
  address: string;
  /** The address as the page writes it. */
  written: string;
}

export interface Phone {
  /** E.164, for example `+31548376797`; of an impossible number its digits all the same. */
  e164: string;
  /** The number as the page writes it, white space collapsed. */
  written: string;
  kind: "phone" | "fax" | "whatsapp";
}

export interface Address {
  street: string | null;
  postalCode: string | null;
  city: string;
  region: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  country: string | null;
}

export type Network =
  | "linkedin"
  | "facebook"
  | "instagram"
  | "twitter"
  | "youtube"
  | "tiktok"
  | "xing"
  | "pinterest"
  | "github"
  | "vimeo"
  | "threads"
  | "bluesky";

export interface Social {
  network: Network;
  url: string;
}

export interface Person {
  name: string;
  role: string | null;
  email: string | null;
  phone: string | null;
}

export interface Fact {
  /** For example `vat_id`, `register_number`, `founded`, `industry`, `employees`. */
  key: string;
  value: string;
}

export type PageKind = "contact" | "imprint" | "about" | "team" | "careers";

/** What one page says about the company that it belongs to. */
export interface CompanyPage {
  name: Found<{ value: string }> | null;
  description: Found<{ value: string }> | null;
  emails: Found<Email>[];
  phones: Found<Phone>[];
  address: Found<Address> | null;
  socials: Found<Social>[];
  people: Found<Person>[];
  technologies: Found<{ value: string }>[];
  facts: Found<Fact>[];
  /** Pages of the same site that are worth reading next, absolute. */
  pages: { kind: PageKind; url: string }[];
  /** BCP 47 language of the page, as declared. */
  language: string | null;
}
