import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useStable } from "../../components/use-stable.ts";
import type { SessionRow } from "../rows.ts";
import { supabase } from "../supabase.ts";

/** Without a live connection, lists are read again this often (ms). */
const FALLBACK_MS = 15_000;

export interface Pulse {
  readonly kind: "new" | "changed";
  readonly row: SessionRow;
}

interface Listener {
  /** Something happened in a session: every change there ends in an event of its row. */
  readonly onPulse: (pulse: Pulse) => void;
  /** Events may have been missed: read again. */
  readonly onMissed: () => void;
}

/**
 * Hears of everything that happens in the user's sessions. Events are hints, nothing more: what
 * happened before they flow, and each time after they may have been lost, is to be read.
 */
export function useSessionPulse(userId: string, { onPulse, onMissed }: Listener): void {
  const pulse = useStable(onPulse);
  const missed = useStable(onMissed);
  useEffect(() => {
    let events = hear(userId, pulse, missed);
    const check = () => {
      if (document.hidden || events.flow()) return;
      missed();
      events.stop();
      events = hear(userId, pulse, missed);
    };
    const timer = setInterval(check, FALLBACK_MS);
    document.addEventListener("visibilitychange", check);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", check);
      events.stop();
    };
  }, [userId, pulse, missed]);
}

/** One channel, used once: supabase-js never opens one again that the server has closed. */
function hear(userId: string, pulse: (pulse: Pulse) => void, missed: () => void) {
  let flows = false;
  const channel = supabase
    .channel(`sessions of ${userId} ${crypto.randomUUID()}`)
    .on<SessionRow>(
      "postgres_changes",
      {
        event: "*",
        schema: "public",
        table: "otis_workflow_sessions",
        filter: `owner_id=eq.${userId}`,
      },
      ({ eventType, new: row }) => {
        if ("id" in row) pulse({ kind: eventType === "INSERT" ? "new" : "changed", row });
      },
    )
    .on("system", {}, ({ status }) => {
      flows = status === "ok";
      if (flows) missed();
    })
    .subscribe((status) => {
      if (status !== "SUBSCRIBED") flows = false;
    });
  return { flow: () => flows, stop: () => void supabase.removeChannel(channel) };
}

/** Reads again. What is being read already began too early to be sure: it comes first. */
export function useReadAgain(queryKey: QueryKey): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    const reading = client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching" });
    await Promise.allSettled(reading.map(({ promise }) => promise));
    await client.invalidateQueries({ queryKey });
  };
}
