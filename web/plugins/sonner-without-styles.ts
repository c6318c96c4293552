import type { Plugin } from "vite";

/**
 * Sonner writes its style sheet into the page when it is imported, which a strict policy refuses.
 * The same sheet ships as `sonner/dist/styles.css`; the app imports that.
 */
export function sonnerWithoutStyles(): Plugin {
  return {
    name: "sonner-without-styles",
    transform: {
      filter: { id: /sonner\/dist\/index\.mjs/ },
      handler: (code) => ({ code: code.replace(/^__insertCSS\(.*$/m, ""), map: null }),
    },
  };
}
