import type { Sql } from "postgres";
import type { HandlerContext } from "./handler.ts";
import { readScrape, type ScrapeSettings } from "./scrape-handler.ts";

/**
 * Stops what cancelled runs have started elsewhere, such as an Apify actor that goes on costing money.
 * Cancelling is SQL's and immediate; this follows it up, and forgets the checkpoint once it is done, so
 * that a retry begins anew. May be killed and repeated: stopping twice does no harm.
 */
export async function stopCancelledSources(
  sql: Sql,
  settings: ScrapeSettings,
  { fetch, signal, clock }: Pick<HandlerContext, "fetch" | "signal" | "clock">,
): Promise<void> {
  const stoppable = Object.values(settings.sources).filter(({ cancel }) => cancel !== undefined);
  const cancelled = await sql<{ id: string; payload: unknown }[]>`
    select w.id, w.payload from otis.work_items w
    where w.state = 'cancelled' and w.finished_at > now() - interval '1 day'
      and w.kind = 'scrape' and w.payload ? 'checkpoint'
      and w.payload -> 'source' ->> 'kind' = any (${stoppable.map(({ kind }) => kind)})
    limit 20`;
  const { endpoints, apify } = settings;
  await Promise.all(
    cancelled.map(async ({ id, payload }) => {
      const { source, ref, checkpoint } = readScrape(payload, settings.sources);
      await source.cancel?.({ fetch, signal, clock, endpoints, apify }, ref, checkpoint);
      await sql`
        update otis.work_items w set payload = w.payload - 'checkpoint'
        where w.id = ${id} and w.state = 'cancelled'`;
    }),
  );
}
