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

/** Hears of everything that happens in the user's sessions. Events are hints, nothing more. */
export function useSessionPulse(userId: string, { onPulse, onMissed }: Listener): void {
  const pulse = useStable(onPulse);
  const missed = useStable(onMissed);
  useEffect(() => {
    let joined = false;
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
      .on("system", {}, () => {
        if (joined) missed();
        joined = true;
      })
      .subscribe();
    const timer = setInterval(() => {
      if (!document.hidden && channel.state !== "joined") missed();
    }, FALLBACK_MS);
    return () => {
      clearInterval(timer);
      void supabase.removeChannel(channel);
    };
  }, [userId, pulse, missed]);
}
