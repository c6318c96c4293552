import type { Sql } from "postgres";
import * as z from "zod/mini";
import { OtisError } from "../contract/errors.ts";
import { uuid } from "../contract/workflow.ts";
import { authenticate, type Caller, type Env } from "../http/authenticate.ts";
import { asCaller } from "../http/database.ts";
import { fail, preflight, withCors } from "../http/respond.ts";
import { type Cell, toCsv } from "./csv.ts";
import { type Export, type ExportName, exports } from "./queries.ts";

const ROWS_AT_ONCE = 500;

/** A reader that stands still this long is given up; until then its snapshot is kept. */
const STALLED_SECONDS = 60;

const flag = z._default(z.enum(["0", "1"]), "0");
const parameters = z.object({
  what: z.enum(Object.keys(exports) as [ExportName, ...ExportName[]]),
  session_id: z.optional(uuid),
  campaign_id: z.optional(uuid),
  /** A byte order mark, for spreadsheets that need it to see UTF-8. */
  bom: flag,
  /** Without the formula guard, for machines. */
  raw: flag,
});

/**
 * The handler of `GET /functions/v1/export?what=…&session_id=…|campaign_id=…&bom=1&raw=1`: CSV, streamed from one
 * snapshot. Auth by bearer token or by the session cookie, so that a plain link downloads.
 */
export function createExportHandler(
  env: Env,
  sql: Sql,
  log: (message: string, cause: unknown) => void,
) {
  return async (request: Request): Promise<Response> => {
    if (request.method === "OPTIONS") return preflight();
    try {
      if (request.method !== "GET")
        throw new OtisError("method_not_allowed", "Exports are read with GET.");
      const caller = await authenticate(request, env, { cookies: true });
      const asked = parameters.safeParse(Object.fromEntries(new URL(request.url).searchParams));
      if (!asked.success)
        throw new OtisError("invalid_input", "The address of this export is not right.");
      const { what, session_id, campaign_id, bom, raw } = asked.data;
      const wanted: Export = exports[what];
      const id = wanted.needs === "session" ? session_id : campaign_id;
      if (!id) throw new OtisError("invalid_input", `This export needs a ${wanted.needs}.`);
      const name = await findName(sql, caller, wanted.needs, id);
      const body = streamCsv(sql, caller, wanted, id, { bom: bom === "1", raw: raw === "1" }, log);
      return withCors(
        new Response(body, {
          headers: {
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": `attachment; filename="${fileName(name, what)}"`,
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
          },
        }),
      );
    } catch (error) {
      return fail(error, log);
    }
  };
}

/** The name of what is exported; not_found when it is not the caller's. */
async function findName(
  sql: Sql,
  caller: Caller,
  kind: Export["needs"],
  id: string,
): Promise<string> {
  const table = kind === "session" ? "otis_workflow_sessions" : "campaigns";
  const [row] = await asCaller(
    sql,
    caller,
    (transaction) =>
      transaction<
        { name: string }[]
      >`select name from public.${transaction(table)} where id = ${id}`,
  );
  if (!row) throw new OtisError("not_found", `There is no such ${kind}, or it is not yours.`);
  return row.name;
}

/** Reads by a cursor, only as fast as the reader takes; a reader that leaves ends the transaction. */
function streamCsv(
  sql: Sql,
  caller: Caller,
  wanted: Export,
  id: string,
  options: { readonly bom: boolean; readonly raw: boolean },
  log: (message: string, cause: unknown) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const head = `${options.bom ? "\ufeff" : ""}${toCsv([wanted.columns], options)}`;
  const ids = wanted.needs === "session" ? [id, null] : [null, id];
  asCaller(sql, caller, async (transaction) => {
    await transaction.unsafe(
      `set local idle_in_transaction_session_timeout = '${STALLED_SECONDS}s'`,
    );
    await writer.write(encoder.encode(head));
    const rows = transaction.unsafe<Record<string, Cell>[]>(wanted.query, ids).values();
    for await (const page of rows.cursor(ROWS_AT_ONCE)) {
      await writer.write(encoder.encode(toCsv(page, options)));
    }
  })
    .then(
      () => writer.close(),
      (error: unknown) => {
        log("export cut off", error);
        return writer.abort(error);
      },
    )
    .catch(() => {});
  return readable;
}

const fileName = (name: string, what: string) =>
  `${
    name
      .normalize("NFKD")
      .replace(/[^\w-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase() || "otis"
  }-${what}.csv`;
