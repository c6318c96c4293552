/**
 * Base addresses of the vendors, each overridable by `OTIS_ENDPOINT_<NAME>` for proxies and tests.
 * `{company}` stands for the tenant where a vendor gives each one its own host.
 */
const defaults = {
  greenhouse: "https://boards-api.greenhouse.io",
  lever: "https://api.lever.co",
  lever_eu: "https://api.eu.lever.co",
  ashby: "https://api.ashbyhq.com",
  recruitee: "https://{company}.recruitee.com",
  personio: "https://{company}.jobs.personio.de",
  smartrecruiters: "https://api.smartrecruiters.com",
  smartrecruiters_careers: "https://careers.smartrecruiters.com",
  workable: "https://apply.workable.com",
  apify: "https://api.apify.com",
} as const;

export type EndpointName = keyof typeof defaults;
export type Endpoints = Readonly<Record<EndpointName, string>>;

/** Reads the overrides from an environment; a trailing slash is dropped. */
export function readEndpoints(env: (name: string) => string | undefined): Endpoints {
  const read = (name: EndpointName) =>
    (env(`OTIS_ENDPOINT_${name.toUpperCase()}`) || defaults[name]).replace(/\/+$/, "");
  return {
    greenhouse: read("greenhouse"),
    lever: read("lever"),
    lever_eu: read("lever_eu"),
    ashby: read("ashby"),
    recruitee: read("recruitee"),
    personio: read("personio"),
    smartrecruiters: read("smartrecruiters"),
    // Careers pages of the real site say nothing about an API that lives elsewhere.
    smartrecruiters_careers:
      read("smartrecruiters") === defaults.smartrecruiters ? read("smartrecruiters_careers") : "",
    workable: read("workable"),
    apify: read("apify"),
  };
}

/** The endpoint of one tenant: `{company}` replaced, or the tenant appended as a path segment. */
export function tenantEndpoint(template: string, company: string): string {
  const tenant = encodeURIComponent(company);
  return template.includes("{company}")
    ? template.replaceAll("{company}", tenant)
    : `${template}/${tenant}`;
}

/**
 * A tenant's token as one segment of a path, whatever is in it: clients can name a target that no
 * `detect` has seen. What is percent-encoded stays so, since tokens come as addresses have them.
 */
export function pathSegment(token: string): string {
  return token.replace(/[^\w.~%-]/gu, encodeURIComponent);
}
