import type { Handler } from "./handler.ts";
import { createScrapeHandler, type ScrapeSettings } from "./scrape-handler.ts";

/** What the handlers need of the world; each kind of work takes its part. */
export interface HandlerSettings {
  scrape: ScrapeSettings;
}

/** Every kind of work a worker does. A new kind adds its line here. */
export function createHandlers(settings: HandlerSettings): ReadonlyMap<string, Handler> {
  const handlers: Handler[] = [createScrapeHandler(settings.scrape), noop];
  return new Map(handlers.map((handler) => [handler.kind, handler]));
}

/** Does nothing, for benchmarks of the queue and for checks that the worker lives. */
const noop: Handler = {
  kind: "noop",
  run: async () => ({}),
};
