import { useEffect, useState } from "react";
import { buttonClass } from "../../components/button.tsx";
import { Popover } from "../../components/popover.tsx";
import { cx } from "../../lib/class-names.ts";
import { formatTimeOfDay } from "../../lib/format/time.ts";
import { useConnection, useMetrics, usePending } from "../../lib/live/use-live-connection.ts";
import { sessionTexts } from "../../lib/texts/session.ts";
import type { Connection } from "../../live/connection.ts";

const t = sessionTexts.connection;
/** A short interruption is not worth a word. */
const QUIET_MS = 500;

const dots = {
  connecting: "bg-ink-faint",
  live: "bg-good",
  degraded: "bg-warn",
  offline: "bg-bad",
};

export function ConnectionBadge() {
  const connection = useCalmConnection();
  const { phase } = connection;
  return (
    <Popover
      title={t.title}
      trigger={
        <button
          type="button"
          aria-label={`${t.title}: ${t.phase[phase]}`}
          className={cx(buttonClass("ghost"), "gap-2 px-2 text-xs")}
        >
          <span aria-hidden="true" className={cx("size-2 rounded-full", dots[phase])} />
          <span className="max-sm:hidden">{t.phase[phase]}</span>
        </button>
      }
    >
      <Details connection={connection} />
    </Popover>
  );
}

function Details({ connection }: { readonly connection: Connection }) {
  const metrics = useMetrics();
  const pending = usePending().length;
  const ms = (value: number) => `${Math.round(value)} ms`;
  return (
    <div className="flex flex-col gap-2">
      {connection.why ? <p className="text-ink-soft">{t.why[connection.why]}</p> : null}
      {connection.retryAt === null ? null : <Countdown until={connection.retryAt} />}
      {pending > 0 ? <p className="text-warn">{t.pending(pending)}</p> : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 [&_dd]:text-right [&_dt]:text-ink-soft">
        <dt>{t.transport}</dt>
        <dd>{t.transports[connection.transport ?? "none"]}</dd>
        <dt>{t.latency}</dt>
        <dd>
          {metrics.latencyP50Ms === null || metrics.latencyP95Ms === null
            ? t.notMeasured
            : t.p50p95(ms(metrics.latencyP50Ms), ms(metrics.latencyP95Ms))}
        </dd>
        <dt>{t.lastUpdate}</dt>
        <dd>{metrics.lastUpdateAt === null ? "–" : formatTimeOfDay(metrics.lastUpdateAt)}</dd>
        <dt>{t.reconnects}</dt>
        <dd>{t.times(metrics.reconnects)}</dd>
        <dt>{t.healed}</dt>
        <dd>{t.times(metrics.gapsHealed)}</dd>
        <dt>{t.requests}</dt>
        <dd>{metrics.requests}</dd>
      </dl>
    </div>
  );
}

function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <p className="text-ink-soft">{t.retryIn(Math.max(0, Math.ceil((until - now) / 1000)))}</p>;
}

/** The connection, but for what lasts less than half a second. */
function useCalmConnection(): Connection {
  const connection = useConnection();
  const [calm, setCalm] = useState(connection);
  useEffect(() => {
    if (connection.phase === "live" || connection.phase === "degraded") return setCalm(connection);
    const timer = setTimeout(() => setCalm(connection), QUIET_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return calm;
}
