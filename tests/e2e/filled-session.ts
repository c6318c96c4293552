import { type App, untilIdle, type Visitor } from "./harness.ts";

export interface FilledSession {
  readonly sessionId: string;
  readonly campaignId: string;
  /** Ids of a row of `session_companies` and of `job_postings`. */
  readonly companyId: string;
  readonly postingId: string;
}

/** A session of the visitor that has gone through all four stages, with every source of the practice site. */
export async function fillSession(
  { sql, site }: Pick<App, "sql" | "site">,
  visitor: Pick<Visitor, "call">,
  name = "Carpenters and bakers",
): Promise<FilledSession> {
  const { session_id } = await visitor.call("create_session", { name });
  await visitor.call("start_scraping", {
    session_id,
    sources: site.truth.sources.map(({ input }) => ({ input })),
  });
  await untilIdle(sql, session_id);
  const companies = await sql<{ id: string; company_id: string }[]>`
    select id, company_id from public.session_companies
    where session_id = ${session_id} order by jobs_count desc, name`;
  await visitor.call("select_companies", {
    session_id,
    company_ids: companies.slice(0, 24).map(({ company_id }) => company_id),
    selected: true,
  });
  await visitor.call("start_enrichment", { session_id });
  await untilIdle(sql, session_id);
  const { campaign_id } = await visitor.call("create_campaign", {
    session_id,
    name: "First letters",
    texts: {
      subject: "{{job_title|Hiring}} at {{company_name}}",
      body: "Hi {{first_name|there}},\n\n{{personal_line}}\n\nWould a short call next week suit you?\n\n{{sender_name}}\n\n{{unsubscribe_text}}",
      unsubscribe_text: "Not interested? Reply “stop” and I will not write again.",
      sender: { name: "Robin Visser", company: "Visser Recruitment" },
    },
  });
  await visitor.call("prepare_campaign", { campaign_id });
  await untilIdle(sql, session_id);
  const [posting] = await sql<{ id: string }[]>`
    select id from public.job_postings where session_id = ${session_id} order by title limit 1`;
  return {
    sessionId: session_id,
    campaignId: campaign_id,
    companyId: companies[0]?.id ?? "",
    postingId: posting?.id ?? "",
  };
}
