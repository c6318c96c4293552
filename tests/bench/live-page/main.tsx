import { createRoot } from "react-dom/client";
import { LiveProvider } from "../../../web/src/lib/live/live-context.tsx";
import { sessionScope } from "../../../web/src/lib/live/live-tables.ts";
import { Activity } from "../../../web/src/live/activity.ts";
import { systemClock } from "../../../web/src/live/clock.ts";
import { LiveClient } from "../../../web/src/live/live-client.ts";
import { SessionView } from "../../faults/page/session-view.tsx";
import { openScope, WAYS } from "../live-client.ts";

/* One session on a page, over the transport that the address names. */

const parameters = new URLSearchParams(location.search);
const read = (name: string): string => parameters.get(name) ?? "";
const sessionId = read("session");
const way = WAYS.find((name) => name === read("way")) ?? "websocket";

const client = new LiveClient({
  clock: systemClock,
  random: Math.random,
  activity: new Activity(systemClock),
  makeScope: () =>
    openScope(
      { apiUrl: read("api"), publishableKey: read("key") },
      { sessionId, token: read("token") },
      way,
    ),
  storage: { all: async () => [], put: async () => {}, remove: async () => {} },
  exclusively: (task) => task(),
  send: async () => ({ kind: "later", retryAfterMs: 0 }),
  newKey: () => "",
});
const live = client.scope(sessionScope(sessionId));

declare global {
  interface Window {
    live: { phase(): string; requests(): number; rows(): number; ready(): boolean };
  }
}
window.live = {
  phase: () => live.connection.get().phase,
  requests: () => live.metrics.get().requests,
  rows: () => live.store.state().rows,
  ready: () => live.store.state().phase === "ready",
};

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root");
createRoot(root).render(
  <LiveProvider client={client}>
    <SessionView sessionId={sessionId} />
  </LiveProvider>,
);
