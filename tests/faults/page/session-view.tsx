import { useLayoutEffect } from "react";
import { LiveScopeProvider } from "../../../web/src/lib/live/live-context.tsx";
import {
  useCounter,
  useLiveQuery,
  useLiveRow,
  useScopeRow,
} from "../../../web/src/lib/live/use-live-rows.ts";
import { useLiveSession } from "../../../web/src/lib/live/use-live-scope.ts";
import { rendered } from "./latency.ts";

export function SessionView({ sessionId }: { readonly sessionId: string }) {
  const scope = useLiveSession(sessionId);
  return (
    <LiveScopeProvider scope={scope}>
      <Head />
      <Log />
    </LiveScopeProvider>
  );
}

function Head() {
  const name = useScopeRow("otis_workflow_sessions", (row) => row.name);
  const jobs = useScopeRow("otis_workflow_sessions", (row) => row.jobs_count);
  const events = useCounter("otis_progress_events", { key: "all" });
  return (
    <>
      <h1>{name}</h1>
      <p>{`${events} events, ${jobs} postings`}</p>
    </>
  );
}

/** The newest events of the log, as the app shows them. */
function Log() {
  const ids = useLiveQuery("otis_progress_events", {
    key: "newest-first",
    sort: (a, b) => b.revision - a.revision,
  });
  return (
    <ul>
      {ids.slice(0, 500).map((id) => (
        <Line key={id} id={id} />
      ))}
    </ul>
  );
}

function Line({ id }: { readonly id: string }) {
  const message = useLiveRow("otis_progress_events", id, (row) => row.message) ?? "";
  useLayoutEffect(() => rendered(message), [message]);
  return <li id={id}>{message}</li>;
}
