/** What the build was told about where it runs. `npm start` sets it; see docs/operations.md. */
const env = import.meta.env;

export const config = {
  /** Origin of Supabase's API, without a slash at the end. */
  supabaseUrl: (env.VITE_SUPABASE_URL ?? "http://127.0.0.1:54321").replace(/\/+$/, ""),
  publishableKey: env.VITE_SUPABASE_PUBLISHABLE_KEY ?? "sb_publishable_missing",
  /** The demo login of the embedded stack; null where there is none. */
  demo:
    env.VITE_OTIS_DEMO_EMAIL && env.VITE_OTIS_DEMO_PASSWORD
      ? { email: env.VITE_OTIS_DEMO_EMAIL, password: env.VITE_OTIS_DEMO_PASSWORD }
      : null,
} as const;
