import { createClient } from "@supabase/supabase-js";
import { createRoot } from "react-dom/client";
import type { Database } from "../../../web/src/lib/database.types.ts";
import { createLiveClient } from "../../../web/src/lib/live/create-live-client.ts";
import { LiveProvider } from "../../../web/src/lib/live/live-context.tsx";
import { sessionScope } from "../../../web/src/lib/live/live-tables.ts";
import { watchPage } from "../../../web/src/live/activity.ts";
import type { Mutation, Sent } from "../../../web/src/live/offline-queue.ts";
import { watchStore } from "./check.ts";
import { SessionView } from "./session-view.tsx";
import { accessToken } from "./token.ts";

/*
 * The live core as the app wires it, on a page of its own: what it shows, whether that could ever
 * be in the database, and how long it took, for the tests to ask.
 */

const parameters = new URLSearchParams(location.search);
const sessionId = parameters.get("session") ?? "";
const publishableKey = parameters.get("key") ?? "";

const supabase = createClient<Database>(location.origin, publishableKey, {
  accessToken,
  realtime: { worker: true },
});

async function send({ action, data, key }: Mutation, signal: AbortSignal): Promise<Sent> {
  try {
    const response = await fetch("/functions/v1/workflow", {
      method: "POST",
      headers: {
        authorization: `Bearer ${await accessToken()}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify({ action, data }),
      signal,
    });
    if (response.ok) return { kind: "done", revision: null };
    if (response.status >= 500) return { kind: "later", retryAfterMs: 0 };
    return { kind: "refused", code: String(response.status), message: await response.text() };
  } catch {
    return { kind: "later", retryAfterMs: 0 };
  }
}

const { client, activity } = createLiveClient({
  supabase,
  supabaseUrl: location.origin,
  publishableKey,
  userId: parameters.get("user") ?? "",
  transports: undefined,
  pinned: parameters.get("transport"),
  accessToken,
  send,
});
watchPage(activity, document, window);
client.start();

const scope = sessionScope(sessionId);
const live = client.scope(scope);
const checks = watchStore(live.store);

const page = {
  checks,
  connection: () => live.connection.get(),
  metrics: () => live.metrics.get(),
  state: () => live.store.state(),
  /** table/id/revision of every row in the store. */
  contents: () =>
    Object.keys(scope.tables).flatMap((table) =>
      [...live.store.rows(table)].map((row) => `${table}/${row.id}/${row.revision}`),
    ),
  /** Ids of the rows that are in the document, in order. */
  rendered: () => [...document.querySelectorAll("li")].map((item) => item.id),
  rename: (name: string) =>
    client.mutate(scope, {
      action: "rename_session",
      data: { session_id: sessionId, name },
      patches: [{ table: "otis_workflow_sessions", id: sessionId, change: { name } }],
    }),
  title: () => document.querySelector("h1")?.textContent,
};
export type LivePage = typeof page;

declare global {
  interface Window {
    otis: LivePage;
  }
}
window.otis = page;

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(
  <LiveProvider client={client}>
    <SessionView sessionId={sessionId} />
  </LiveProvider>,
);
