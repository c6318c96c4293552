import { fold } from "./plain-text.ts";

/**
 * States and provinces that postings name without their country. Codes ("-" for none) are only
 * those whose country habitually writes "City, XX" and that rather mean the state than the country
 * of the same letters: "NL" is the Netherlands, not Newfoundland.
 */
const byCountry: Record<string, string> = {
  US: "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,FL Florida,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming",
  CA: "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,- Newfoundland and Labrador,NS Nova Scotia,ON Ontario,- Prince Edward Island,QC Quebec,- Saskatchewan",
  AU: "NSW New South Wales,VIC Victoria,QLD Queensland,TAS Tasmania,ACT Australian Capital Territory",
  IN: "- Karnataka,- Maharashtra,- Tamil Nadu,- Telangana,- Uttar Pradesh,- Haryana,- Gujarat,- Kerala,- West Bengal,- Rajasthan,- Bihar,- Andhra Pradesh,- Madhya Pradesh,- Punjab",
};

export type Region = { country: string; code: string; name: string };

const byName = new Map<string, Region>();
const byCode = new Map<string, Region[]>();
for (const [country, list] of Object.entries(byCountry)) {
  for (const entry of list.split(",")) {
    const space = entry.indexOf(" ");
    const region = { country, code: entry.slice(0, space), name: entry.slice(space + 1) };
    byName.set(fold(region.name), region);
    if (region.code !== "-") byCode.set(region.code, [...(byCode.get(region.code) ?? []), region]);
  }
}

/** The region a word of a location names: a full name, or a code that begins with a capital. First the US reading. */
export function findRegion(text: string, country: string | null = null): Region | null {
  const named = byName.get(fold(text));
  if (named !== undefined && (country === null || named.country === country)) return named;
  const candidates = /^[A-Z][A-Za-z]{1,2}$/.test(text)
    ? (byCode.get(text.toUpperCase()) ?? [])
    : [];
  return candidates.find((region) => country === null || region.country === country) ?? null;
}
