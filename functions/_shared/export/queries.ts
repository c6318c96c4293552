/** What can be exported: its columns, and the query that reads them as the caller, under row security. */
export interface Export {
  readonly columns: readonly string[];
  /** $1 is the session, $2 the campaign; the columns in order. */
  readonly query: string;
  readonly needs: "session" | "campaign";
}

/**
 * No suppressed address leaves by a file either; the function is the one that guards every other exit. It is asked of
 * each of these rows as it leaves (`offset 0` keeps their order a step of its own), so that the first do not wait for all.
 */
const allowed = (rows: string) => `
      from (${rows} offset 0) x where not public.is_suppressed(x.email, x.company_id)`;

export const exports = {
  postings: {
    needs: "session",
    columns: [
      "company",
      "domain",
      "title",
      "department",
      "location",
      "city",
      "region",
      "country",
      "workplace",
      "employment_type",
      "salary_min",
      "salary_max",
      "salary_currency",
      "salary_period",
      "posted_at",
      "valid_through",
      "status",
      "sources",
      "url",
    ],
    query: `
      select c.name, c.domain, p.title, p.department, p.location, p.city, p.region, p.country, p.workplace,
        p.employment_type, p.salary_min::float8, p.salary_max::float8, p.salary_currency, p.salary_period, p.posted_at,
        p.valid_through, p.status, p.sources, p.url
      from public.job_postings p
      join public.session_companies c on c.session_id = p.session_id and c.company_id = p.company_id
      where p.session_id = $1 and $2::uuid is null
      order by c.name, p.title, p.id`,
  },
  companies: {
    needs: "session",
    columns: [
      "company",
      "domain",
      "website",
      "industry",
      "employees",
      "address",
      "city",
      "country",
      "description",
      "selected",
      "lead_status",
      "open_postings",
      "emails",
      "phones",
      "people",
      "enriched_at",
    ],
    query: `
      select s.name, s.domain, c.website_url, s.industry, s.employees, c.address, s.city, s.country, c.description,
        s.selected, s.lead_status, s.jobs_count, s.emails_count, s.phones_count, s.people_count, s.enriched_at
      from public.session_companies s join public.companies c on c.id = s.company_id
      where s.session_id = $1 and $2::uuid is null and s.status = 'active'
      order by s.name, s.id`,
  },
  contacts: {
    needs: "session",
    columns: [
      "company",
      "domain",
      "kind",
      "name",
      "role",
      "email",
      "email_status",
      "phone",
      "linkedin",
      "provider",
      "source_url",
      "confidence",
      "cost",
      "found_at",
      "lawful_basis",
    ],
    query: `
      select x.name, x.domain, x.kind, x.full_name, x.role, x.email, x.email_status, x.phone, x.linkedin_url, x.provider,
        x.source_url, x.confidence::float8, x.cost::float8, x.found_at, x.lawful_basis
      ${allowed(`
        select k.*, s.name, s.domain
        from public.session_companies s join public.contacts k on k.company_id = s.company_id
        where s.session_id = $1 and $2::uuid is null and s.status = 'active'
        order by s.name, k.kind, k.id`)}`,
  },
  leads: {
    needs: "campaign",
    // The column names that Instantly's import recognises by itself come first.
    columns: [
      "email",
      "first_name",
      "last_name",
      "company_name",
      "personalization",
      "website",
      "location",
      "status",
      "error",
    ],
    query: `
      select x.email, split_part(x.full_name, ' ', 1),
        nullif(substr(x.full_name, char_length(split_part(x.full_name, ' ', 1)) + 2), ''),
        x.company_name, x.personal_line, x.website_url, x.city, x.status, x.error_message
      ${allowed(`
        select l.*, c.website_url, c.city
        from public.campaign_leads l left join public.companies c on c.id = l.company_id
        where l.campaign_id = $2 and $1::uuid is null and l.email is not null
          and l.status in ('ready', 'pushing', 'sent', 'replied', 'pending', 'personalising')
        order by l.position, l.id`)}`,
  },
  events: {
    needs: "session",
    columns: ["time", "level", "type", "message"],
    query: `
      select e.created_at, e.level, e.event_type, e.message from public.otis_progress_events e
      where e.session_id = $1 and $2::uuid is null order by e.revision`,
  },
  runs: {
    needs: "session",
    columns: [
      "source",
      "kind",
      "status",
      "outcome",
      "step",
      "found",
      "done",
      "total",
      "errors",
      "error",
      "cost_usd",
      "started_at",
      "finished_at",
    ],
    query: `
      select r.source_label, r.source_kind, r.status, r.outcome, r.step, r.items_found, r.items_done, r.items_total,
        r.errors_count, r.error_message, r.cost_usd::float8, r.started_at, r.finished_at
      from public.scraping_runs r where r.session_id = $1 and $2::uuid is null order by r.created_at, r.id`,
  },
  results: {
    needs: "session",
    columns: ["group", "name", "found", "failed", "cost", "seconds"],
    query: `
      select x.part, x.name, x.found, x.failed, x.cost, x.seconds from public.session_results($1) x where $2::uuid is null`,
  },
} as const satisfies Record<string, Export>;

export type ExportName = keyof typeof exports;
