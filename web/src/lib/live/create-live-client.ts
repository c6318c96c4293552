import type { SupabaseClient } from "@supabase/supabase-js";
import { Activity } from "../../live/activity.ts";
import { parseTransports } from "../../live/allowed-transports.ts";
import { systemClock } from "../../live/clock.ts";
import type { Scope } from "../../live/delta.ts";
import { LiveClient } from "../../live/live-client.ts";
import { LiveScope } from "../../live/live-scope.ts";
import type { Mutation, Sent } from "../../live/offline-queue.ts";
import { pollingTransport } from "../../live/transports/polling.ts";
import { realtimeTransport } from "../../live/transports/realtime.ts";
import { sseTransport } from "../../live/transports/sse.ts";
import type { Database } from "../database.types.ts";
import { exclusively, mutationStorage } from "./browser-storage.ts";
import { isWorking } from "./live-tables.ts";
import { storeSample } from "./store-sample.ts";
import { readDelta } from "./supabase-delta.ts";
import { realtimeClient } from "./supabase-realtime.ts";

export interface LiveClientSettings {
  readonly supabase: SupabaseClient<Database>;
  readonly supabaseUrl: string;
  readonly publishableKey: string;
  readonly userId: string;
  /** `VITE_OTIS_TRANSPORTS`: what this deployment offers, best first; empty for everything. */
  readonly transports: string | undefined;
  /** The page's `?transport=`, which overrules settings and flags. */
  readonly pinned: string | null;
  readonly accessToken: () => Promise<string | null>;
  /** Sends one mutation with its idempotency key. Never rejects. */
  readonly send: (mutation: Mutation, signal: AbortSignal) => Promise<Sent>;
}

/** A live client and the activity it follows; `watchPage` connects that to the browser. */
export function createLiveClient(settings: LiveClientSettings): {
  readonly client: LiveClient;
  readonly activity: Activity;
} {
  const { supabase, supabaseUrl, publishableKey, userId, accessToken } = settings;
  const clock = systemClock;
  const random = Math.random;
  const activity = new Activity(clock);
  const realtime = realtimeClient(supabase);
  const rules = {
    configured: parseTransports(settings.transports),
    pinned: parseTransports(settings.pinned),
  };
  const headers = async (): Promise<Record<string, string>> => {
    const token = await accessToken();
    return { apikey: publishableKey, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  };
  const makeScope = (scope: Scope): LiveScope =>
    new LiveScope({
      scope,
      read: readDelta(supabase, scope),
      clock,
      random,
      activity,
      rules,
      working: isWorking,
      report: (sample) => void storeSample(supabase, scope, sample),
      transports: (context) => [
        realtimeTransport({ scope, client: realtime, clock }),
        sseTransport({
          ...context,
          headers,
          fetch: (input, init) => fetch(input, init),
          url: `${supabaseUrl}/functions/v1/events?${scope.kind}=${scope.id}`,
        }),
        pollingTransport(context),
      ],
    });
  const client = new LiveClient({
    clock,
    random,
    activity,
    makeScope,
    storage: mutationStorage(userId),
    exclusively: exclusively(`otis-mutations-${userId}`),
    send: settings.send,
    newKey: () => crypto.randomUUID(),
  });
  return { client, activity };
}
