import type { ParameterOrJSON } from "postgres";
import type { TestDatabase } from "../support/database.ts";
import { scrape } from "./effects-postings.ts";
import { createSession } from "./queue-worker.ts";

export interface Seeded {
  readonly owner: string;
  readonly session: string;
  readonly companyIds: readonly string[];
}

/** A session of a new owner in which these companies were found, by name. */
export async function seedCompanies(
  db: TestDatabase,
  names: readonly string[],
  owner?: string,
): Promise<Seeded> {
  const user = owner ?? (await db.createUser());
  const session = await createSession(db, user);
  await scrape(db, user, session, { kind: "csv", key: "seed" }, [
    names.map((company) => ({
      key: company,
      company,
      domain: `${company.toLowerCase()}.example`,
    })),
  ]);
  const rows = await db.sql<{ company_id: string }[]>`
    select company_id from public.session_companies where session_id = ${session}
    order by array_position(${[...names]}::text[], name)`;
  return { owner: user, session, companyIds: rows.map((row) => row.company_id) };
}

/** Calls an action as a user and returns its result. */
export async function act<T = Record<string, unknown>>(
  db: TestDatabase,
  user: string,
  action: string,
  data: Readonly<Record<string, ParameterOrJSON<never>>>,
): Promise<T> {
  const given = Object.entries(data);
  // Objects are jsonb, which the driver writes itself once it knows the parameter's type.
  const list = given.map(([name], index) => `p_${name} => $${index + 1}`).join(", ");
  return db.as(user, async (sql) => {
    const [row] = await sql.unsafe<{ result: T }[]>(
      `select public.${action}(${list}) as result`,
      given.map(([, value]) => value),
    );
    if (!row) throw new Error(`${action} returned nothing`);
    return row.result;
  });
}
