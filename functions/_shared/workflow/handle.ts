import type { Sql } from "postgres";
import type * as z from "zod/mini";
import { OtisError } from "../contract/errors.ts";
import {
  type ActionData,
  type ActionName,
  actions,
  READ_ONLY,
  request,
} from "../contract/workflow.ts";
import { authenticate, type Env } from "../http/authenticate.ts";
import { asCaller } from "../http/database.ts";
import { fail, json, preflight } from "../http/respond.ts";
import type { ActionContext, Runs } from "./run.ts";

/** 10,000 ids are 400 KB. */
const MAX_BODY_BYTES = 2_000_000;

export interface WorkflowOptions {
  readonly env: Env;
  readonly sql: Sql;
  readonly runs: Runs<ActionName>;
  readonly log: (message: string, cause: unknown) => void;
}

/** The handler of `POST /functions/v1/workflow`; see the contract. */
export function createWorkflowHandler(options: WorkflowOptions) {
  return async (incoming: Request): Promise<Response> => {
    if (incoming.method === "OPTIONS") return preflight();
    try {
      return json(await answer(incoming, options));
    } catch (error) {
      return fail(error, options.log);
    }
  };
}

async function answer(incoming: Request, { env, sql, runs }: WorkflowOptions): Promise<unknown> {
  if (incoming.method !== "POST") {
    throw new OtisError("method_not_allowed", "Actions are sent with POST.");
  }
  const caller = await authenticate(incoming, env);
  const { action, data } = parse(request, await readJson(incoming));
  if (!isAction(action)) {
    throw new OtisError("unknown_action", `There is no action "${action.slice(0, 60)}".`);
  }
  const key = incoming.headers.get("idempotency-key");
  return await asCaller(sql, caller, async (transaction) => {
    const context = { transaction, caller };
    if (READ_ONLY.has(action) || key === null) return await runAction(runs, action, data, context);
    const [seen] = await transaction<{ known: { response: unknown } | null }[]>`
      select public.begin_mutation(${key}, ${action}, ${await digest({ action, data })}) as known
    `;
    if (seen?.known) return seen.known.response;
    const result = await runAction(runs, action, data, context);
    await transaction`select public.finish_mutation(${key}, ${JSON.stringify(result)}::text::jsonb)`;
    return result;
  });
}

function runAction<A extends ActionName>(
  runs: Runs<ActionName>,
  action: A,
  data: unknown,
  context: ActionContext,
): Promise<unknown> {
  return runs[action](parse(schemas[action], data), context);
}

/** The same record, typed so that an action's name leads to its own schema. */
const schemas: { readonly [A in ActionName]: z.ZodMiniType<ActionData<A>> } = actions;

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name);

function parse<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues
    .slice(0, 10)
    .map(({ path, message }) => ({ path: path.join("."), message }));
  throw new OtisError("invalid_input", "The request is not of the agreed form.", { details });
}

async function readJson(incoming: Request): Promise<unknown> {
  const text = await incoming.text();
  if (text.length > MAX_BODY_BYTES) throw new OtisError("too_large", "The request is over 2 MB.");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OtisError("invalid_input", "The request is not JSON.", { cause });
  }
}

async function digest(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
