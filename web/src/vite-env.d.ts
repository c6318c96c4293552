/// <reference types="vite/client" />

interface ImportMetaEnv {
  readonly VITE_SUPABASE_URL?: string;
  readonly VITE_SUPABASE_PUBLISHABLE_KEY?: string;
  readonly VITE_OTIS_TRANSPORTS?: string;
  readonly VITE_OTIS_DEMO_EMAIL?: string;
  readonly VITE_OTIS_DEMO_PASSWORD?: string;
}
