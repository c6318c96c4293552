import { createStore, del, set, values } from "idb-keyval";
import type { Exclusively, MutationStorage } from "../../live/offline-queue.ts";

/** The user's waiting mutations in IndexedDB, shared by her tabs, apart from other users'. */
export function mutationStorage(userId: string): MutationStorage {
  const store = createStore(`otis-mutations-${userId}`, "mutations");
  return {
    all: () => values(store),
    put: (mutation) => set(mutation.key, mutation, store),
    remove: (key) => del(key, store),
  };
}

/** One task at a time over all tabs; where there are no Web Locks, idempotency keys must do. */
export function exclusively(name: string): Exclusively {
  return (task) => (navigator.locks ? navigator.locks.request(name, task) : task());
}
