const latencies: number[] = [];

declare global {
  interface Window {
    /** Milliseconds from the writing of each stamped message to its being in the document. */
    latencies: number[];
  }
}
window.latencies = latencies;

/** A message "at <ms since the epoch>" is now in the document. Both clocks are this machine's. */
export function rendered(message: string): void {
  const at = /^at (\d+\.?\d*)$/.exec(message)?.[1];
  if (at !== undefined) latencies.push(performance.timeOrigin + performance.now() - Number(at));
}
