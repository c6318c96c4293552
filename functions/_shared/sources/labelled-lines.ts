/** What descriptions say in lines of the form "Location: Berlin", in the languages we meet. */
const labels = {
  company:
    "company|employer|council|organi[sz]ation|unternehmen|arbeitgeber|entreprise|empresa|bedrijf|werkgever|arbetsgivare|azienda|pracodawca",
  companyUrl: "url|website|company url|company website|webseite|homepage|site web",
  location:
    "locations?|job location|standort|arbeitsort|einsatzort|ort|lieu|localisation|ubicaci[oó]n|locatie|standplaats|plats|lokalizacja|sede",
  salary:
    "salary|salary range|compensation|pay|pay rate|pay range|gehalt|salaire|salario|salaris|l[oö]n|wynagrodzenie|stipendio",
  type: "type|job type|employment type|contract|contract type|anstellungsart|arbeitszeit|type de contrat",
} as const;

export type LabelledName = keyof typeof labels;

const patterns = Object.fromEntries(
  Object.entries(labels).map(([name, words]) => [
    name,
    new RegExp(`^[-•* ]*(?:${words})\\s*:\\s*(\\S.{0,140})$`, "im"),
  ]),
);

/** The value of the first such line; parts behind "·" or "|" are other facts. */
export function labelledLine(text: string, name: LabelledName): string | null {
  const value = patterns[name]
    ?.exec(text)?.[1]
    ?.split(/\s[·|]\s/)[0]
    ?.trim();
  return value === undefined || value === "" ? null : value;
}
