import type { PostgresConnection as Connection } from "@supabase/lite/postgres";
import { createPostgresConnection, PostgresConnection } from "@supabase/lite/postgres";
import { POOL } from "../postgres/connect.ts";

type Context = Parameters<Connection["withContext"]>[0];
type Options = Parameters<Connection["withContext"]>[2];
type Database = Connection["kysely"];

/**
 * The database connection of /rest/v1 and /auth/v1.
 *
 * lite's own would log in as the owner of the tables and, at the first request, grant everything on them to
 * the request roles; that would undo the column grants of our migrations. This one logs in as
 * `authenticator`, who may read no table, and takes the role of each request inside its transaction: a
 * request whose role was not set gets nothing. Only the catalogue is read by a second connection as owner.
 */
export class ApiConnection extends PostgresConnection {
  readonly #catalogue: Connection;

  constructor(urls: { readonly authenticator: string; readonly owner: string }) {
    super({
      url: urls.authenticator,
      postgresOptions: { max: 10, ...POOL },
    });
    this.#catalogue = createPostgresConnection({
      url: urls.owner,
      postgresOptions: { max: 1, ...POOL },
    });
  }

  override introspect(options?: { useCache?: boolean }) {
    return this.#catalogue.introspect(options);
  }

  /** To be called when the schema has changed; the next request reads the catalogue again. */
  override clearSchemaCache(): Promise<void> {
    return this.#catalogue.clearSchemaCache();
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.#catalogue.close()]);
  }

  override async withContext<T>(
    context: Context,
    work: (db: Database) => Promise<T>,
    options?: Options,
  ): Promise<T> {
    if (!context) return work(this.kysely);
    const settings = requestSettings(context, options?.rpc);
    const run = async (transaction: Database): Promise<T> => {
      await transaction
        .selectNoFrom((expression) =>
          Object.entries(settings).map(([name, value], index) =>
            expression
              .fn("set_config", [expression.val(name), expression.val(value), expression.val(true)])
              .as(`setting_${index}`),
          ),
        )
        .execute();
      return work(transaction);
    };
    return options?.transaction ? run(options.transaction) : this.kysely.transaction().execute(run);
  }
}

/** The settings that PostgREST makes for a request; `role` last, since it takes the right to make others. */
function requestSettings(
  context: NonNullable<Context>,
  rpc: NonNullable<Options>["rpc"],
): Record<string, string> {
  const auth = isRecord(context.auth) ? context.auth : {};
  const role = typeof auth.role === "string" ? auth.role : "anon";
  return {
    "request.jwt.claims": JSON.stringify(isRecord(auth.jwt) ? auth.jwt : { role }),
    ...(rpc && {
      "response.status": "",
      "response.headers": "",
      "request.method": rpc.method,
      "request.path": rpc.path,
      "request.headers": JSON.stringify(rpc.requestHeaders ?? {}),
      ...(rpc.readOnly && { transaction_read_only: "on" }),
    }),
    role,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
