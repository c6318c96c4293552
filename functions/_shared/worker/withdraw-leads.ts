import { removeLead } from "../campaigns/instantly.ts";
import { VendorError } from "../vendors/vendor-error.ts";
import type { PushSettings } from "./campaign-handler.ts";
import { errorFields, type Log } from "./log.ts";

/** Leads taken out between two looks at the list. */
const batchSize = 50;
/** So many troubles are the vendor's, not the leads'. */
const maxTroubles = 10;
/** After haste, where the vendor does not say how long to wait. */
const hasteSeconds = 60;

/**
 * Takes suppressed leads out of Instantly, whenever they came there. Suppressing is SQL's and immediate; this follows it
 * up. May be killed and repeated: what is gone already is no error. A lead that Instantly refuses to take out (it may be
 * of an earlier workspace) is logged and given up; one that makes trouble is tried at the next run, after the others.
 * Throws the first trouble, or at once what concerns all leads: the key, the credit, haste. No worker is called for that
 * again until it may have passed; where there is no key at all, that is all that happens.
 */
export async function withdrawLeads(
  settings: PushSettings,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  try {
    await takeOut(settings, signal, log);
  } catch (cause) {
    if (!(cause instanceof VendorError) || cause.code === "vendor_down") throw cause;
    const { code, retryAfterSeconds } = cause;
    const seconds = code === "rate_limited" ? (retryAfterSeconds ?? hasteSeconds) : null;
    await settings.sql`select otis.postpone_chore('withdraw_leads', ${code}, ${seconds})`;
    if (code !== "no_key") throw cause;
  }
}

async function takeOut(
  { sql, instantly }: PushSettings,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const troubles = new Map<string, unknown>();
  for (;;) {
    const listed = await sql<{ id: string; provider_lead_id: string }[]>`
      select id, provider_lead_id from otis.leads_to_withdraw(${batchSize + troubles.size})`;
    const leads = listed.filter(({ id }) => !troubles.has(id));
    if (leads.length === 0) break;
    for (const { id, provider_lead_id } of leads) {
      try {
        await removeLead(instantly, provider_lead_id, signal);
      } catch (cause) {
        if (!concernsOneLead(cause)) throw cause;
        if (cause.retryable) {
          troubles.set(id, cause);
          if (troubles.size >= maxTroubles) throw cause;
          continue;
        }
        log("lead_not_withdrawn", { lead: id, status: cause.status, ...errorFields(cause) });
      }
      await sql`select otis.lead_withdrawn(${id}, ${provider_lead_id})`;
    }
  }
  for (const trouble of troubles.values()) throw trouble;
}

/** Instantly answers 403 for a lead of another workspace, 401 for a bad key. */
function concernsOneLead(cause: unknown): cause is VendorError {
  if (!(cause instanceof VendorError)) return false;
  return cause.status === 403 || cause.code === "bad_request" || cause.code === "vendor_down";
}
