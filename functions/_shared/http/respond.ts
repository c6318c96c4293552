import { isErrorCode, OtisError } from "../contract/errors.ts";

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers":
    "authorization, apikey, content-type, idempotency-key, x-client-info, last-event-id",
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-max-age": "86400",
} as const;

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { ...CORS, "cache-control": "no-store" } });
}

export function preflight(): Response {
  return new Response(null, { status: 204, headers: CORS });
}

export function withCors(response: Response): Response {
  for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
  return response;
}

/** What Postgres.js says of an error that SQL raised. */
interface PostgresError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
}

const isPostgresError = (error: unknown): error is PostgresError =>
  error instanceof Error && "code" in error && typeof error.code === "string";

/** Connection, operator intervention, resources, deadlock and serialisation, lock not had: the same may work in a moment. */
const passing = /^(08|57|53|40|55P03|CONNECT|ECONN)/;

/**
 * The one place where an unknown error becomes a typed one: SQL's named refusals (SQLSTATE PTnnn, the key as
 * message, the sentence as detail), broken references and bad values, a database that is away.
 */
export function toOtisError(error: unknown): OtisError {
  if (error instanceof OtisError) return error;
  if (isPostgresError(error)) {
    if (error.code.startsWith("PT") && isErrorCode(error.message)) {
      return new OtisError(error.message, error.detail ?? error.message, { cause: error });
    }
    if (error.code.startsWith("PT")) {
      return new OtisError("invalid_input", error.detail ?? error.message, { cause: error });
    }
    if (error.code.startsWith("22") || error.code.startsWith("23")) {
      return new OtisError(
        "invalid_input",
        "The database refused these values. Nothing was changed.",
        {
          cause: error,
        },
      );
    }
    if (passing.test(error.code)) {
      return new OtisError("unavailable", "The database is busy or away. Try again in a moment.", {
        cause: error,
      });
    }
  }
  return new OtisError("internal", "Something went wrong on our side. Nothing was changed.", {
    cause: error,
  });
}

/** Answers with the error; what is not the caller's fault goes to `log` with its cause. */
export function fail(error: unknown, log: (message: string, cause: unknown) => void): Response {
  const known = toOtisError(error);
  if (known.status >= 500) log(known.code, known.cause ?? known);
  return json(known.toBody(), known.status);
}
