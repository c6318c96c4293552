/** Every code an OTIS function answers with, and its HTTP status. The list is closed: a client may switch over it. */
export const ERROR_STATUS = {
  invalid_input: 400,
  unknown_action: 400,
  invalid_limit: 400,
  not_a_source: 400,
  too_many: 400,
  unknown_variable: 400,
  needs_sign_in: 401,
  not_allowed: 403,
  not_found: 404,
  session_not_found: 404,
  method_not_allowed: 405,
  invalid_transition: 409,
  stale_revision: 409,
  stage_not_ready: 409,
  already_running: 409,
  key_reused: 409,
  in_progress: 409,
  live_row_kept: 409,
  too_large: 413,
  ceiling_reached: 422,
  rate_limited: 429,
  internal: 500,
  provider_failed: 502,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details?: unknown;
  };
}

export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === "string" && Object.hasOwn(ERROR_STATUS, value);

/** An error that reaches the user: what happened, what was kept, what to do. */
export class OtisError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "OtisError";
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  toBody(): ErrorBody {
    const { code, message, details } = this;
    return { error: { code, message, ...(details === undefined ? {} : { details }) } };
  }
}
