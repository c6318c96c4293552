import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Sql } from "postgres";
import * as z from "zod/mini";
import { OtisError } from "../contract/errors.ts";
import { fail, json } from "../http/respond.ts";

/** A vendor's notice is small; anything larger is not one. */
const MAX_BODY_BYTES = 262_144;

/** What is read of a notice: which dispatch it is, and what it is about. Everything else comes from the API. */
export interface Notice {
  readonly dispatch: string;
  readonly subject: string;
}

const text = z.string().check(z.minLength(1), z.maxLength(200));
const apify = z.object({ eventType: text, eventData: z.object({ actorRunId: text }) });

/** Reads Apify's notice that a run has ended; null when the body is none. */
export function readNotice(headers: Headers, body: unknown): Notice | null {
  const notice = apify.safeParse(body);
  if (!notice.success) return null;
  const { eventType, eventData } = notice.data;
  const dispatch =
    headers.get("x-apify-webhook-dispatch-id") ?? `${eventData.actorRunId}:${eventType}`;
  return { dispatch, subject: eventData.actorRunId };
}

/**
 * The handler of `POST /functions/v1/webhooks/PROVIDER/CONNECTION?secret=…` (or header `x-otis-secret`).
 * A right secret wakes what waits for that run; a wrong one and an unknown connection answer alike.
 */
export function createWebhookHandler(sql: Sql, log: (message: string, cause: unknown) => void) {
  return async (request: Request): Promise<Response> => {
    try {
      if (request.method !== "POST")
        throw new OtisError("method_not_allowed", "Notices are posted.");
      const url = new URL(request.url);
      const [connection = "", provider = ""] = url.pathname.split("/").reverse();
      const secret = request.headers.get("x-otis-secret") ?? url.searchParams.get("secret") ?? "";
      await checkSecret(sql, connection, provider, secret);
      const body = await request.text();
      if (body.length > MAX_BODY_BYTES)
        throw new OtisError("too_large", "The notice is too large.");
      const notice = readNotice(request.headers, parseJson(body));
      if (!notice) throw new OtisError("invalid_input", `This is no notice of ${provider}.`);
      const [row] = await sql<{ outcome: string }[]>`
        select otis.receive_webhook(${connection}, ${notice.dispatch.slice(0, 200)}, ${notice.subject}) as outcome`;
      return json({ outcome: row?.outcome });
    } catch (error) {
      return fail(error, log);
    }
  };
}

async function checkSecret(
  sql: Sql,
  connection: string,
  provider: string,
  secret: string,
): Promise<void> {
  const known = z.uuid().safeParse(connection).success
    ? await sql<{ secret_hash: string }[]>`
        select secret_hash from public.webhook_connections where id = ${connection} and provider = ${provider}`
    : [];
  const expected = Buffer.from(known[0]?.secret_hash ?? "0".repeat(64), "hex");
  const given = createHash("sha256").update(secret).digest();
  if (!timingSafeEqual(given, expected)) {
    throw new OtisError("not_allowed", "This address is not known here.");
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
