// @vitest-environment happy-dom
import { act, Profiler, type ReactNode, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Activity } from "../../live/activity.ts";
import type { Change, Delta, Row } from "../../live/delta.ts";
import { LINGER_MS, LiveClient } from "../../live/live-client.ts";
import { LiveScope } from "../../live/live-scope.ts";
import { ManualClock, settle } from "../../live/testing/manual-clock.ts";
import type { TransportSink } from "../../live/transport.ts";
import { LiveProvider, LiveScopeProvider } from "./live-context.tsx";
import { useConnection, useFlag } from "./use-live-connection.ts";
import { useCounter, useLiveQuery, useLiveRow, useScopeRow } from "./use-live-rows.ts";
import { useLiveSession } from "./use-live-scope.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const sessionId = "session-1";
const MINUTE = 60_000;

/** Commits by Profiler id, and renderings of the components below by name. */
const renders = new Map<string, number>();
const count = (name: string): void => void renders.set(name, (renders.get(name) ?? 0) + 1);

function Company({ id }: { readonly id: string }) {
  const row = useLiveRow("session_companies", id);
  return <li>{`${row?.name}: ${row?.jobs_count}`}</li>;
}

function Companies() {
  count("list");
  const ids = useLiveQuery("session_companies", {
    key: "active-by-name",
    filter: (row) => row.status === "active",
    sort: (a, b) => a.name.localeCompare(b.name),
  });
  return (
    <ul>
      {ids.map((id) => (
        <Profiler key={id} id={id} onRender={count}>
          <Company id={id} />
        </Profiler>
      ))}
    </ul>
  );
}

function Counters() {
  count("counters");
  const total = useScopeRow("otis_workflow_sessions", (row) => row.companies_count);
  const hiring = useCounter("session_companies", {
    key: "hiring",
    filter: (row) => row.jobs_count > 0,
  });
  return <p>{`${hiring} of ${total}`}</p>;
}

function Badge() {
  count("badge");
  const insights = useFlag("insights");
  const { phase } = useConnection();
  return <p>{insights ? phase : "no insights"}</p>;
}

function Session({ children }: { readonly children: ReactNode }) {
  const scope = useLiveSession(sessionId);
  return <LiveScopeProvider scope={scope}>{children}</LiveScopeProvider>;
}

describe("the React binding", () => {
  let clock: ManualClock;
  let activity: Activity;
  let client: LiveClient;
  let sink: TransportSink | null;
  let opened: number;
  let revision: number;
  let root: Root;
  let host: HTMLElement;
  const changeOf = (table: string, row: Row): Change => {
    revision += 1;
    return { table, id: String(row.id), revision, row: { ...row, revision } };
  };
  const company = (id: string, columns: Row): Change =>
    changeOf("session_companies", { id, status: "active", name: id, jobs_count: 0, ...columns });
  const pulse = (columns: Row = {}): Change =>
    changeOf("otis_workflow_sessions", {
      id: sessionId,
      status: "active",
      companies_count: 3,
      ...columns,
    });
  const say = (...changes: Change[]): Promise<void> =>
    act(async () => {
      for (const change of changes) sink?.change(change, clock.now());
      await clock.advance(100);
    });

  beforeEach(() => {
    clock = new ManualClock();
    activity = new Activity(clock);
    sink = null;
    opened = 0;
    revision = 0;
    const first = [company("a", {}), company("b", {}), company("c", {}), pulse()];
    const read = async (since: number): Promise<Delta> => ({
      revision,
      upto: revision,
      more: false,
      changes: since === 0 ? first : [],
      ahead: [],
      flags: { insights: true },
    });
    client = new LiveClient({
      clock,
      activity,
      random: () => 0.5,
      makeScope: (scope) =>
        new LiveScope({
          scope,
          read,
          clock,
          activity,
          random: () => 0.5,
          rules: { pinned: ["websocket"], configured: [] },
          working: () => false,
          transports: () => [
            {
              kind: "websocket",
              open: (own) => {
                opened += 1;
                sink = own;
                own.up();
                return () => {
                  if (sink === own) sink = null;
                };
              },
            },
          ],
        }),
      storage: { all: async () => [], put: async () => {}, remove: async () => {} },
      exclusively: (task) => task(),
      send: async () => ({ kind: "later", retryAfterMs: 0 }),
      newKey: () => "key",
    });
    renders.clear();
    host = document.createElement("div");
    document.body.append(host);
    root = createRoot(host);
  });
  afterEach(async () => {
    await act(async () => root.unmount());
    host.remove();
  });

  const render = async (wrap: (page: ReactNode) => ReactNode = (page) => page): Promise<void> => {
    await act(async () => {
      root.render(
        wrap(
          <LiveProvider client={client}>
            <Session>
              <Profiler id="page" onRender={count}>
                <Companies />
                <Counters />
                <Badge />
              </Profiler>
            </Session>
          </LiveProvider>,
        ),
      );
      await settle();
    });
    await act(() => clock.advance(1_000));
  };

  it("shows the rows and the connection", async () => {
    await render();
    expect(host.textContent).toBe("a: 0b: 0c: 00 of 3live");
  });

  it("commits nothing over ten minutes in which nothing changes", async () => {
    await render();
    renders.clear();
    await act(() => clock.advance(10 * MINUTE));
    expect([...renders]).toEqual([]);
  });

  it("renders a changed row and the counters, in one commit, and nothing else", async () => {
    await render();
    renders.clear();
    await say(company("b", { jobs_count: 4 }), pulse());
    expect(host.textContent).toBe("a: 0b: 4c: 01 of 3live");
    expect(Object.fromEntries(renders)).toEqual({ page: 1, b: 1, counters: 1 });
  });

  it("renders nothing for a change that nobody shows", async () => {
    await render();
    renders.clear();
    await say(changeOf("job_postings", { id: "p", title: "Baker" }), pulse({ jobs_count: 1 }));
    expect([...renders]).toEqual([]);
  });

  it("commits a burst of a hundred changes twice: at once, and for the rest", async () => {
    await render();
    renders.clear();
    await act(async () => {
      for (let n = 1; n <= 100; n++) {
        for (const change of [company("a", { jobs_count: n }), pulse()]) {
          sink?.change(change, clock.now());
        }
      }
      await clock.advance(1_000);
    });
    expect(host.textContent).toContain("a: 100");
    expect(renders.get("page")).toBeLessThanOrEqual(2);
    expect(renders.get("list")).toBeUndefined();
  });

  it("renders the list when its order or its members change", async () => {
    await render();
    renders.clear();
    await say(company("a", { name: "z" }), pulse());
    expect(host.textContent).toContain("b: 0c: 0z: 0");
    expect(renders.get("list")).toBe(1);
  });

  it("opens one link in StrictMode, and none for a remount", async () => {
    await render((page) => <StrictMode>{page}</StrictMode>);
    expect(opened).toBe(1);
    await act(async () => root.render(null));
    await act(() => clock.advance(LINGER_MS - 1));
    await render();
    expect(opened).toBe(1);
  });

  it("closes the link some seconds after the last component is gone", async () => {
    await render();
    await act(async () => root.render(null));
    expect(sink).not.toBeNull();
    await clock.advance(LINGER_MS + 1);
    expect(sink).toBeNull();
  });
});
