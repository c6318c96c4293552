/**
 * For tests of the main job as a user does it: a stack of its own with the real functions in Deno, the practice
 * site to scrape, and a user who acts over HTTP.
 *
 *   const job = await startMainJob({ env });
 *   const user = await job.signUp();
 *   const { session_id } = await user.call("create_session", {});
 */
import { randomUUID } from "node:crypto";
import type { SupabaseClient } from "@supabase/supabase-js";
import postgres, { type Sql } from "postgres";
import { afterAll, expect } from "vitest";
import type { ErrorBody } from "../../functions/_shared/contract/errors.ts";
import type {
  ActionInput,
  ActionName,
  ActionResults,
} from "../../functions/_shared/contract/workflow.ts";
import {
  type PracticeSite,
  startPracticeSite,
} from "../../supabase/embedded/practice-site/server.ts";
import { type OwnStack, signUp, startOwnStack } from "../support/stack.ts";

export interface MainJob {
  readonly stack: OwnStack;
  readonly site: PracticeSite;
  /** As `postgres`: sees everything. */
  readonly sql: Sql;
  signUp(): Promise<JobUser>;
  /** Kills the functions' process where it stands; the stack starts another. What it had leased is lost at once. */
  killFunctions(): Promise<void>;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

export interface JobUser {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly client: SupabaseClient;
  /** Calls an action; throws when it is refused. Every call is a mutation of its own unless a key is given. */
  call<A extends ActionName>(
    action: A,
    data: ActionInput<A>,
    key?: string,
  ): Promise<ActionResults[A]>;
  /** Calls an action that must be refused. */
  refused(action: string, data: unknown, key?: string): Promise<Refusal>;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** CSV of the export function. */
  exported(query: Record<string, string>): Promise<string>;
}

/** Starts the stack and the site; both end with the file. Vendors' limits are the queue's to test and are lifted. */
export async function startMainJob(
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<MainJob> {
  const site = await startPracticeSite({ troubles: { slowMs: 300, pauseSeconds: 1 } });
  afterAll(() => site.close());
  const stack = await startOwnStack({
    env: {
      ...site.endpoints,
      ...options.env,
      OTIS_ALLOW_PRIVATE_HOSTS: [site.allowHosts, options.env?.OTIS_ALLOW_PRIVATE_HOSTS]
        .filter(Boolean)
        .join(","),
    },
  });
  const sql = postgres(stack.databaseUrl, { max: 4, onnotice() {} });
  afterAll(async () => {
    await sql.end();
    await stack[Symbol.asyncDispose]();
  });
  await sql`update otis.provider_limits set capacity = null, per_second = null`;
  await sql`update otis.rate_limits set capacity = 10000, per_second = 1000`;
  return {
    stack,
    site,
    sql,
    signUp: () => enter(stack),
    async killFunctions() {
      const pid = stack.stack.processes().functions;
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      // The stack waits longer each time that it dies young.
      await expect.poll(() => stack.stack.processes().functions, { timeout: 10_000 }).not.toBe(pid);
      await sql`
        update otis.work_items set leased_until = now() - interval '1 second', attempts = 0 where state = 'leased'`;
      await sql`select otis.wake_workers()`;
    },
  };
}

async function enter(stack: OwnStack): Promise<JobUser> {
  const { id, email, client } = await signUp(stack);
  const token = (await client.auth.getSession()).data.session?.access_token ?? "";
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${stack.apiUrl}/functions/v1/workflow`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return {
    id,
    email,
    token,
    client,
    post,
    async call(action, data, key = randomUUID()) {
      let response = await post({ action, data }, { "idempotency-key": key });
      // As the web client does: with the same key, what was done already is not done again.
      while (response.status === 502 || response.status === 503)
        response = await post({ action, data }, { "idempotency-key": key });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${action}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
    async refused(action, data, key = randomUUID()) {
      const response = await post({ action, data }, { "idempotency-key": key });
      const answer: ErrorBody = await response.json();
      if (response.ok) throw new Error(`${action} was not refused: ${JSON.stringify(answer)}`);
      return {
        status: response.status,
        code: answer.error.code,
        message: answer.error.message,
        details: answer.error.details,
      };
    },
    async exported(query) {
      const response = await fetch(
        `${stack.apiUrl}/functions/v1/export?${new URLSearchParams(query)}`,
        { headers: { authorization: `Bearer ${token}` } },
      );
      if (!response.ok) throw new Error(`export: ${response.status} ${await response.text()}`);
      return response.text();
    },
  };
}

/** A new session of the user. */
export async function newSession(user: JobUser): Promise<string> {
  return (await user.call("create_session", { name: "A session" })).session_id;
}

/** Waits until nothing of the session is waiting or being worked on. */
export async function untilIdle({ sql }: MainJob, sessionId: string, timeout = 60_000) {
  const left = async () => {
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from otis.work_items
      where session_id = ${sessionId} and state in ('ready', 'leased')`;
    return row?.n;
  };
  await expect.poll(left, { timeout, interval: 100 }).toBe(0);
}

export interface FoundPosting {
  readonly id: string;
  readonly domain: string | null;
  readonly title: string;
  readonly city: string | null;
  readonly country: string | null;
  readonly workplace: string | null;
  readonly source_keys: readonly string[];
}

/** The postings of a session with their companies' domains and all sources that name them. */
export function readPostings(sql: Sql, sessionId: string): Promise<readonly FoundPosting[]> {
  return sql<FoundPosting[]>`
    select p.id, c.domain, p.title, p.city, p.country, p.workplace,
      array(select s.source_key from public.job_posting_sources s where s.posting_id = p.id order by 1) as source_keys
    from public.job_postings p
    join public.session_companies c on c.session_id = p.session_id and c.company_id = p.company_id
    where p.session_id = ${sessionId} order by c.domain, p.title`;
}

/** How much of what was found is there, and how much of what is there was found. */
export function score(found: Iterable<string | null>, there: Iterable<string>) {
  const mine = new Set([...found].filter((value) => value !== null));
  const real = new Set(there);
  const hits = [...mine].filter((value) => real.has(value)).length;
  return {
    found: mine.size,
    there: real.size,
    precision: hits / mine.size,
    recall: hits / real.size,
  };
}
