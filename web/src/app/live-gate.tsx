import { type ReactNode, useEffect } from "react";
import { accessToken, readAuth, subscribeAuth } from "../lib/auth/auth-store.ts";
import { useAuth } from "../lib/auth/use-auth.ts";
import { config } from "../lib/config.ts";
import { createLiveClient } from "../lib/live/create-live-client.ts";
import { LiveProvider } from "../lib/live/live-context.tsx";
import { supabase } from "../lib/supabase.ts";
import { watchPage } from "../live/activity.ts";
import type { LiveClient } from "../live/live-client.ts";
import { sendMutation } from "./send-mutation.ts";

let current: { readonly userId: string; readonly client: LiveClient; stop(): void } | null = null;

/** Whoever signs out takes her connections and her retries with her. */
subscribeAuth(() => {
  const auth = readAuth();
  if (current === null || ("userId" in auth && auth.userId === current.userId)) return;
  current.stop();
  current = null;
});

/** The live client of a user: one for the whole page, made when the first view asks for it. */
function liveClientOf(userId: string): LiveClient {
  if (current?.userId === userId) return current.client;
  const { client, activity } = createLiveClient({
    supabase,
    supabaseUrl: config.supabaseUrl,
    publishableKey: config.publishableKey,
    userId,
    transports: import.meta.env.VITE_OTIS_TRANSPORTS,
    pinned: new URLSearchParams(location.search).get("transport"),
    accessToken,
    send: sendMutation,
  });
  const stops = [watchPage(activity, document, window), client.start()];
  current = {
    userId,
    client,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
  return client;
}

/** Gives live rows to everything below. Signing in again resumes what was refused meanwhile. */
export function LiveGate({ children }: { readonly children: ReactNode }) {
  const auth = useAuth();
  const userId = "userId" in auth ? auth.userId : "";
  const client = liveClientOf(userId);
  useEffect(() => {
    if (auth.kind === "signed-in") client.authenticated();
  }, [auth.kind, client]);
  return <LiveProvider client={client}>{children}</LiveProvider>;
}
