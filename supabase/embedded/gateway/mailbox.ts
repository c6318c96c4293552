import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { EmailDriver } from "@supabase/lite";
import { isLocalHost } from "../local-host.ts";
import { sendJson } from "./http.ts";

interface Mail {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailbox {
  readonly driver: EmailDriver;
  /** Answers /mailbox (a page) and /mailbox.json (an array, newest first; `?to=` filters). */
  handle(incoming: IncomingMessage, response: ServerResponse): void;
}

const MOST_KEPT = 100;

/** Keeps the mails that Auth sends, as there is nobody to deliver them, and shows them on a page. */
export function createMailbox(now: () => Date = () => new Date()): Mailbox {
  const mails: Mail[] = [];
  return {
    driver: {
      async send({ to, subject, text = "" }) {
        mails.unshift({ id: randomUUID(), at: now().toISOString(), to, subject, text });
        mails.length = Math.min(mails.length, MOST_KEPT);
      },
    },
    handle(incoming, response) {
      if (!isLocalHost(incoming.headers.host))
        return sendJson(response, 403, { error: "forbidden" });
      const url = new URL(incoming.url ?? "/", "http://localhost");
      const to = url.searchParams.get("to");
      const shown = mails.filter((mail) => to === null || mail.to === to);
      if (url.pathname === "/mailbox.json") return sendJson(response, 200, shown);
      response
        .writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
          "referrer-policy": "no-referrer",
        })
        .end(renderPage(shown));
    },
  };
}

function renderPage(mails: readonly Mail[]): string {
  const items = mails.map(
    (mail) => `<article>
      <h2>${escapeHtml(mail.subject)}</h2>
      <p>To ${escapeHtml(mail.to)}, <time datetime="${mail.at}">${mail.at}</time></p>
      <pre>${linkify(escapeHtml(mail.text))}</pre>
    </article>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>OTIS mailbox</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui }
  body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
  pre { white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<main>
  <h1>Mailbox</h1>
  ${items.join("\n") || "<p>No mail yet. Mails are kept until OTIS stops.</p>"}
</main>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function linkify(escaped: string): string {
  return escaped.replace(/https?:\/\/\S+/g, (url) => `<a href="${url}">${url}</a>`);
}
