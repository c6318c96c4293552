import postgres from "postgres";
import { type PracticeSite, startPracticeSite } from "./practice-site/server.ts";
import { StackError } from "./stack-error.ts";

const SESSION_NAME = "Practice: 39 local companies";

/** The practice site on its port; boards of others are passed on to the vendors. Throws StackError when it is taken. */
export function startPractice(port: number): Promise<PracticeSite> {
  return startPracticeSite({ port, passOn: true }).catch((cause: unknown) => {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE")) throw cause;
    throw new StackError(
      `Port ${port} of the practice site is taken. Stop what uses it, or set OTIS_PRACTICE_PORT to another.`,
      { cause },
    );
  });
}

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
