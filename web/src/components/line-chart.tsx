import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How far apart the times below the line may stand (s): nobody reads fractions of a second. */
const STEPS = [
  ...[1, 2, 5, 10, 30],
  ...[1, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

interface Props {
  readonly label: string;
  /** Seconds since 1970. */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly height: number;
}

/** One line over time, by uPlot. Load it lazily. Readers get its ends in words. */
export function LineChart({ label, xs, ys, height }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const data = useRef<uPlot.AlignedData>([[], []]);
  data.current = [[...xs], [...ys]];

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new uPlot(options(element, height), data.current, element);
    };
    draw();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height }),
    );
    resized.observe(element);
    // Colours are read when it is drawn: another theme is another drawing.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      dark.removeEventListener("change", draw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, [height]);

  useEffect(() => {
    chart.current?.setData([[...xs], [...ys]]);
  }, [xs, ys]);

  return (
    <div
      ref={host}
      role="img"
      aria-label={`${label}: ${ys[0] ?? 0} – ${ys.at(-1) ?? 0}`}
      style={{ height }}
    />
  );
}

function options(element: HTMLElement, height: number): uPlot.Options {
  // Through an element, since a token may be a pair of colours.
  const colour = (name: string) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = "";
    return color;
  };
  const accent = colour("--color-accent");
  const axis = {
    stroke: colour("--color-ink-faint"),
    font: "11px Inter Variable, sans-serif",
    grid: { stroke: colour("--color-line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    scales: {
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.05)] },
    },
    cursor: { points: { show: false }, drag: { setScale: false } },
    axes: [
      { ...axis, incrs: STEPS },
      { ...axis, size: 48 },
    ],
    series: [{}, { stroke: accent, width: 2, fill: colour("--color-accent-soft") }],
  };
}
