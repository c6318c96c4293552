import type { Activity } from "../activity.ts";
import type { CaughtUp } from "../catch-up.ts";
import type { Cancel, Clock, Random } from "../clock.ts";
import { pollDelay } from "../polling-schedule.ts";
import type { Transport } from "../transport.ts";

/** Failed polls in a row after which the server counts as out of reach; at first one is enough. */
const GIVE_UP = 2;

/** What the schedule needs to know of the session. */
export interface PollingView {
  sessionCreatedAt(): number;
  livelyAt(): number;
  predictedAt(): number | null;
}

interface PollingDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly activity: Activity;
  readonly view: PollingView;
}

/** Reads the delta when something is likely to be in it. Works wherever HTTP does. */
export function pollingTransport({ clock, random, activity, view }: PollingDeps): Transport {
  return {
    kind: "polling",
    open(sink) {
      let open = true;
      let due = true;
      let reading = false;
      let failures = 0;
      let emptyPolls = 0;
      let cancelTimer: Cancel = () => {};

      const poll = async (): Promise<void> => {
        if (!open || !due || reading || activity.is("hidden") || activity.is("interacting")) return;
        due = false;
        reading = true;
        const result = await sink.recheck();
        reading = false;
        if (open) take(result);
      };

      const take = (result: CaughtUp): void => {
        const news = result.kind === "done" && result.changed > 0;
        emptyPolls = news ? 0 : emptyPolls + 1;
        failures = result.kind === "failed" ? failures + 1 : 0;
        const retryAfterMs = result.kind === "failed" ? (result.retryAfterMs ?? 0) : 0;
        if (result.kind === "failed" && (result.why === "auth" || result.why === "gone")) {
          sink.down(result.why, retryAfterMs);
        } else if (failures >= GIVE_UP) sink.down("unreachable", retryAfterMs);
        else plan(retryAfterMs);
      };

      const plan = (retryAfterMs: number): void => {
        const wait = pollDelay({
          now: clock.now(),
          sessionCreatedAt: view.sessionCreatedAt(),
          livelyAt: view.livelyAt(),
          predictedAt: view.predictedAt(),
          emptyPolls,
          retryAfterMs,
          random: random(),
        });
        cancelTimer = clock.after(wait, () => {
          due = true;
          void poll();
        });
      };

      const unsubscribe = activity.pauses.subscribe(() => void poll());
      // The reading that proves it up is the first poll.
      sink.up();
      failures = GIVE_UP - 1;
      void poll();
      return () => {
        open = false;
        cancelTimer();
        unsubscribe();
      };
    },
  };
}
