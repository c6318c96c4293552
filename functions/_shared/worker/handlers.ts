import type { PushSettings } from "./campaign-handler.ts";
import { createEnrichHandler, type EnrichSettings } from "./enrich-handler.ts";
import type { Handler } from "./handler.ts";
import { createImportHandler, type ImportSettings } from "./import-handler.ts";
import { createPersonaliseHandler, type PersonaliseSettings } from "./personalise-handler.ts";
import { createPushHandlers } from "./push-handlers.ts";
import { createScrapeHandler, type ScrapeSettings } from "./scrape-handler.ts";

/** What the handlers need of the world; each kind of work takes its part. */
export type HandlerSettings = ScrapeSettings &
  EnrichSettings &
  ImportSettings &
  PersonaliseSettings &
  PushSettings;

/** Every kind of work a worker does. A new kind adds its line here. */
export function createHandlers(settings: HandlerSettings): ReadonlyMap<string, Handler> {
  const handlers: Handler[] = [
    createScrapeHandler(settings),
    createEnrichHandler(settings),
    createImportHandler(settings),
    createPersonaliseHandler(settings),
    ...createPushHandlers(settings),
    noop,
  ];
  return new Map(handlers.map((handler) => [handler.kind, handler]));
}

/** Does nothing, for benchmarks of the queue and for checks that the worker lives. */
const noop: Handler = {
  kind: "noop",
  run: async () => ({}),
};
