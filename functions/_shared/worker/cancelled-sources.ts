import type { Sql } from "postgres";
import type { HandlerContext } from "./handler.ts";
import { readScrape, type ScrapeSettings } from "./scrape-handler.ts";

/**
 * Stops what cancelled runs have started elsewhere: an Apify actor that goes on costing money. Cancelling is SQL's and
 * immediate; this follows it up, and forgets the checkpoint once it is done, so that a retry begins anew. May be killed
 * and repeated: stopping twice does no harm. Without a token nothing is forgotten, and no worker is called for it for a while.
 */
export async function stopCancelledSources(
  sql: Sql,
  settings: ScrapeSettings,
  { fetch, signal, clock }: Pick<HandlerContext, "fetch" | "signal" | "clock">,
): Promise<void> {
  const cancelled = await sql<{ id: string; payload: unknown }[]>`
    select id, payload from otis.actors_to_stop()`;
  if (cancelled.length === 0) return;
  const { endpoints, apify } = settings;
  if (!apify) {
    await sql`select otis.postpone_chore('stop_actors', 'no_key')`;
    return;
  }
  await Promise.all(
    cancelled.map(async ({ id, payload }) => {
      const { source, ref, checkpoint } = readScrape(payload, settings.sources);
      await source.cancel?.({ fetch, signal, clock, endpoints, apify }, ref, checkpoint);
      await sql`select otis.actor_stopped(${id})`;
    }),
  );
}
