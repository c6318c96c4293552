import { createBrowserClient } from "@supabase/ssr";
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
});

if (link !== null) void supabase.auth.setSession(link);
