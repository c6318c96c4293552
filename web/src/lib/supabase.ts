import { createBrowserClient } from "@supabase/ssr";
import type { Session } from "@supabase/supabase-js";
import { renewingFetch } from "./auth/renewing-fetch.ts";
import { takeLink } from "./auth/sign-in-link.ts";
import { config } from "./config.ts";
import type { Database } from "./database.types.ts";

const link = takeLink();

/**
 * The one client of the app. Its session lives in a cookie, so that a plain link to
 * `functions/v1/export` downloads where both share a host.
 */
export const supabase = createBrowserClient<Database>(config.supabaseUrl, config.publishableKey, {
  realtime: { worker: true },
  cookieOptions: { secure: location.protocol === "https:" },
  // Whoever asks tries again, and says so: TanStack Query, the live core.
  db: { retry: false },
  global: {
    fetch: (input, init) => (isAuth(input) ? fetch(input, init) : apiFetch(input, init)),
  },
});

/** `fetch` of the API, with a bearer token: one that the server no longer takes is renewed. */
export const apiFetch = renewingFetch({
  fetch: (input, init) => fetch(input, init),
  token: async () => tokenOf(await supabase.auth.getSession()),
  renew: async () => tokenOf(await supabase.auth.refreshSession()),
  now: () => performance.now(),
});

const tokenOf = ({ data }: { data: { session: Session | null } }): string | null =>
  data.session?.access_token ?? null;

const isAuth = (input: RequestInfo | URL): boolean => String(input).includes("/auth/v1/");

if (link !== null) void supabase.auth.setSession(link);
