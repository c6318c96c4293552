import type { ErrorCode } from "../../../../functions/_shared/contract/errors.ts";

/** What a server operation can end in: the contract's codes, or that no answer came. */
export type FailureCode = ErrorCode | "unreachable";

/** A server operation that failed. `message` is the server's own words, in plain language. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: unknown;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; details?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "Failure";
    this.code = code;
    this.details = options.details;
  }

  /** Whether the same request may succeed later without the user changing anything. */
  get passing(): boolean {
    return PASSING.has(this.code);
  }
}

const PASSING: ReadonlySet<FailureCode> = new Set([
  "unreachable",
  "unavailable",
  "internal",
  "rate_limited",
  "in_progress",
]);

/** `unknown` errors are coerced here, once. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure("internal", message, { cause: error });
}
