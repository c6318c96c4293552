import { QueryClient } from "@tanstack/react-query";
import { toFailure } from "./failure.ts";

/** Two more tries for what may pass by itself, none for what will not. */
const retry = (failures: number, error: unknown): boolean =>
  failures < 2 && toFailure(error).passing;

/** A cache of one user's data: whoever signs in next gets another. */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { retry: false },
    },
  });
