import { useSyncExternalStore } from "react";
import { type Auth, readAuth, subscribeAuth } from "./auth-store.ts";

export const useAuth = (): Auth => useSyncExternalStore(subscribeAuth, readAuth);
