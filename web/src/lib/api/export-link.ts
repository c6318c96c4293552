import type { ActionInput } from "../../../../functions/_shared/contract/workflow.ts";
import { accessToken } from "../auth/auth-store.ts";
import { config } from "../config.ts";
import { apiFetch } from "../supabase.ts";
import { Failure } from "./failure.ts";
import { expired, refusal } from "./workflow.ts";

/** How long the browser may take to begin to save what it was handed (ms). */
const SAVING_MS = 60_000;

export type Export = ActionInput<"export"> & { readonly bom?: boolean };

/** Address of a CSV. A plain link to it downloads wherever the session cookie reaches the API's host. */
export function exportUrl({ what, session_id, campaign_id, bom = false }: Export): string {
  const url = new URL(`${config.supabaseUrl}/functions/v1/export`);
  url.searchParams.set("what", what);
  if (session_id) url.searchParams.set("session_id", session_id);
  if (campaign_id) url.searchParams.set("campaign_id", campaign_id);
  if (bom) url.searchParams.set("bom", "1");
  return url.href;
}

/** Whether the browser sends this page's cookie along: cookies know hosts, not ports. */
export const cookieReachesApi = (): boolean =>
  new URL(config.supabaseUrl).hostname === location.hostname;

/** The other way: fetched with the token, then handed to the browser. Rejects with a `Failure`. */
export async function downloadExport(wanted: Export): Promise<void> {
  const token = await accessToken();
  if (token === null) throw expired();
  const response = await apiFetch(exportUrl(wanted), {
    headers: { apikey: config.publishableKey, Authorization: `Bearer ${token}` },
  }).catch((cause: unknown) => {
    throw new Failure("unreachable", "The server did not answer.", { cause });
  });
  if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ?? `${wanted.what}.csv`;
  link.click();
  // Some browsers begin to save only later.
  setTimeout(() => URL.revokeObjectURL(link.href), SAVING_MS);
}
