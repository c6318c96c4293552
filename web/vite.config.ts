import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { contentSecurityPolicy, securityHeaders } from "./plugins/content-security-policy.ts";
import { preloadFont } from "./plugins/preload-font.ts";
import { sonnerWithoutStyles } from "./plugins/sonner-without-styles.ts";
import { withoutUnused } from "./plugins/without-unused.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const DEFAULT_API = "http://127.0.0.1:54321";

export default defineConfig(({ mode }) => {
  const env = { ...loadEnv(mode, root, "VITE_"), ...process.env };
  const api = env.VITE_SUPABASE_URL ?? DEFAULT_API;
  const port = Number(env.OTIS_WEB_PORT ?? 5173);
  return {
    root,
    cacheDir: fileURLToPath(new URL("../node_modules/.vite-web", import.meta.url)),
    plugins: [
      react(),
      tailwindcss(),
      sonnerWithoutStyles(),
      withoutUnused(),
      preloadFont(/inter-latin-wght-normal/),
      contentSecurityPolicy(api),
    ],
    server: { host: "127.0.0.1", port, strictPort: true },
    preview: {
      host: "127.0.0.1",
      port,
      strictPort: true,
      headers: securityHeaders,
    },
    build: {
      outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
      emptyOutDir: true,
      target: "es2022",
      cssTarget: ["chrome123", "safari17.5", "firefox120"],
      assetsInlineLimit: 0,
      // Every browser of `cssTarget` preloads modules by itself.
      modulePreload: { polyfill: false },
      manifest: true,
    },
  };
});
