export type VendorErrorCode =
  | "no_key"
  | "key_refused"
  | "out_of_credit"
  | "rate_limited"
  | "bad_request"
  | "not_found"
  | "vendor_down";

const FINAL: ReadonlySet<VendorErrorCode> = new Set([
  "no_key",
  "key_refused",
  "out_of_credit",
  "bad_request",
  "not_found",
]);

/** A vendor's refusal, in OTIS's words: what happened, what was kept, what to do. */
export class VendorError extends Error {
  readonly code: VendorErrorCode;
  /** Null: no hint from the vendor. */
  readonly retryAfterSeconds: number | null;
  /** HTTP status of the refusal; null where no usable answer came, or nothing was asked. */
  readonly status: number | null;

  constructor(
    code: VendorErrorCode,
    message: string,
    options: { retryAfterSeconds?: number | null; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "VendorError";
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.status = options.status ?? null;
  }

  /** Whether trying again can help. */
  get retryable(): boolean {
    return !FINAL.has(this.code);
  }
}

/** Sorts an HTTP status of `vendor`; `said` is the vendor's own sentence, if it is fit to show. */
export function vendorError(
  vendor: string,
  status: number,
  headers: Headers,
  said: string,
): VendorError {
  const quote = said ? ` It said: ${said.slice(0, 120)}` : "";
  if (status === 401 || status === 403) {
    return new VendorError(
      "key_refused",
      `${vendor} refused the key. Nothing was sent. Check the key.${quote}`,
      { status },
    );
  }
  if (status === 402) {
    return new VendorError(
      "out_of_credit",
      `${vendor} wants a paid plan or more credit. Nothing was sent.${quote}`,
      { status },
    );
  }
  if (status === 429) {
    const seconds = Number(headers.get("retry-after"));
    return new VendorError("rate_limited", `${vendor} asks to wait. It is tried again by itself.`, {
      retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : null,
      status,
    });
  }
  if (status === 404)
    return new VendorError("not_found", `${vendor} does not know this.${quote}`, { status });
  if (status < 500)
    return new VendorError("bad_request", `${vendor} did not take the request.${quote}`, {
      status,
    });
  return new VendorError(
    "vendor_down",
    `${vendor} does not work at the moment (HTTP ${status}). It is tried again.`,
    { status },
  );
}
