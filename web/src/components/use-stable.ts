import { useCallback, useRef } from "react";

/** The same function at every render, that does what the newest one does. For event handlers only. */
export function useStable<A extends unknown[], R>(handler: (...args: A) => R): (...args: A) => R {
  const latest = useRef(handler);
  latest.current = handler;
  return useCallback((...args: A) => latest.current(...args), []);
}
