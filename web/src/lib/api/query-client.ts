import { QueryClient } from "@tanstack/react-query";
import { toFailure } from "./failure.ts";

/** Two more tries for what may pass by itself, none for what will not. */
const retry = (failures: number, error: unknown): boolean =>
  failures < 2 && toFailure(error).passing;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry, staleTime: 30_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});
