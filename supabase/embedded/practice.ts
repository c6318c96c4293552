import postgres from "postgres";
import type { PracticeSite } from "./practice-site/server.ts";

const SESSION_NAME = "Practice: forty local companies";

/** `OTIS_ALLOW_PRIVATE_HOSTS` with the practice site's hosts added to what the environment opens already. */
export function openedHosts(
  practice: Pick<PracticeSite, "allowHosts">,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return [practice.allowHosts, env.OTIS_ALLOW_PRIVATE_HOSTS].filter(Boolean).join(",");
}

/**
 * Gives the first user, who has no session yet, one whose box names every source of the practice site. Once: whoever
 * archives or renames it does not get another.
 */
export async function offerPractice(databaseUrl: string, practice: PracticeSite): Promise<void> {
  const draft = practice.truth.sources.map((source) => source.input).join("\n");
  const sql = postgres(databaseUrl, { max: 1, onnotice() {} });
  try {
    await sql`
      with first_user as (
        select u.id from auth.users u
        where not exists (select from public.otis_workflow_sessions)
        order by u.created_at limit 1
      ), session as (
        insert into public.otis_workflow_sessions (owner_id, name)
        select id, ${SESSION_NAME} from first_user
        returning id, owner_id
      )
      insert into public.otis_workflow_data (session_id, owner_id, stage, data)
      select id, owner_id, 'scraping', ${sql.json({ draft })} from session
    `;
  } finally {
    await sql.end();
  }
}
