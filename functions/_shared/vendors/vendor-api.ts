import * as z from "zod/mini";
import { VendorError, vendorError } from "./vendor-error.ts";

export interface VendorSettings {
  /** As a user knows it, for messages. */
  readonly name: string;
  readonly base: string;
  readonly key: string | undefined;
  /** The vendor's name for the key, for messages: an environment variable. */
  readonly keyName: string;
  /** The header that carries the key, where it is not `authorization: Bearer`. */
  readonly keyHeader?: string;
  readonly fetch: typeof fetch;
}

export interface VendorCall {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** Longest that a vendor may take to answer. */
const TIMEOUT_MS = 60_000;

/** Vendors put their sentence into one of these. */
const refusal = z.object({
  message: z.optional(z.string()),
  error: z.optional(
    z.union([
      z.string(),
      z.object({ message: z.optional(z.string()), code: z.optional(z.nullable(z.string())) }),
    ]),
  ),
});

/** One call of a vendor's JSON API, its answer checked against `shape`. Throws VendorError only, or the abort's reason. */
export async function callVendor<T>(
  settings: VendorSettings,
  call: VendorCall,
  shape: z.ZodMiniType<T>,
): Promise<T> {
  const { name, base, key, keyName } = settings;
  if (!key)
    throw new VendorError(
      "no_key",
      `There is no key for ${name}: set ${keyName}. Nothing was sent.`,
    );
  const response = await send(settings, key, call);
  const text = await response.text().catch((cause: unknown) => {
    throw new VendorError("vendor_down", `${name} broke off its answer. It is tried again.`, {
      cause,
    });
  });
  if (!response.ok) {
    // OpenAI answers 429 for an empty account as well as for haste.
    const status = codeOf(text) === "insufficient_quota" ? 402 : response.status;
    throw vendorError(name, status, response.headers, sentenceOf(text));
  }
  const answer = shape.safeParse(parseJson(text));
  if (answer.success) return answer.data;
  throw new VendorError(
    "vendor_down",
    `${name} answered in a form OTIS does not know (${base}). It is tried again.`,
    {
      cause: answer.error,
    },
  );
}

async function send(
  { name, base, keyHeader, fetch }: VendorSettings,
  key: string,
  call: VendorCall,
): Promise<Response> {
  try {
    return await fetch(`${base}${call.path}`, {
      method: call.method ?? "GET",
      headers: {
        ...(keyHeader === undefined ? { authorization: `Bearer ${key}` } : { [keyHeader]: key }),
        accept: "application/json",
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: "error",
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (cause) {
    call.signal.throwIfAborted();
    throw new VendorError("vendor_down", `${name} cannot be reached. It is tried again.`, {
      cause,
    });
  }
}

function sentenceOf(text: string): string {
  const said = refusal.safeParse(parseJson(text));
  if (!said.success) return "";
  const { message, error } = said.data;
  return message ?? (typeof error === "string" ? error : error?.message) ?? "";
}

function codeOf(text: string): string | null {
  const said = refusal.safeParse(parseJson(text));
  const error = said.success ? said.data.error : null;
  return (typeof error === "object" ? error?.code : null) ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
