import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** What a host should send beside the page; the policy itself travels in the page. See docs/operations. */
export const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
  // `frame-ancestors` is the one directive that a meta tag cannot carry.
  "Content-Security-Policy": "frame-ancestors 'none'",
};

/**
 * Writes a strict Content-Security-Policy into the built page: own files and the Supabase origin,
 * nothing else. Inline scripts of the page (the theme, before the first paint) go in by hash.
 * The dev server needs inline modules for hot reloading and stays without.
 */
export function contentSecurityPolicy(api: string): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (html) => ({
        html,
        tags: [
          {
            tag: "meta",
            attrs: { "http-equiv": "Content-Security-Policy", content: policy(html, api) },
            injectTo: "head-prepend",
          },
        ],
      }),
    },
  };
}

function policy(html: string, api: string): string {
  const { origin } = new URL(api);
  const socket = origin.replace(/^http/, "ws");
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, code = ""]) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(" "),
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin} ${socket}`,
    // The heartbeat of the live connection runs in a worker, which background tabs do not throttle.
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}
