import type { IncomingMessage, ServerResponse } from "node:http";
import type { EmailDriver } from "@supabase/lite";
import { App } from "@supabase/lite";
import { ApiConnection } from "./api-connection.ts";
import { readBody, sendJson, sendResponse, toRequest } from "./http.ts";
import { shortenRefusals } from "./lite-console.ts";
import { createRpc } from "./rpc.ts";
import { createTokenStamper } from "./user-token.ts";

export interface ApiOptions {
  readonly authenticatorUrl: string;
  readonly ownerUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly jwtSecret: string;
  /** Where this gateway is reached from outside, e.g. http://127.0.0.1:54321 */
  readonly apiUrl: string;
  /** Where the web client is; people are sent back there from a mail's link. */
  readonly siteUrl: string;
  readonly mail: EmailDriver;
  readonly log: (line: string) => void;
}

export interface Api {
  /** Answers /rest/v1/… and /auth/v1/… */
  answer(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Forgets what it knows of the schema. */
  reloadSchema(): Promise<void>;
  close(): Promise<void>;
}

/** REST and Auth by @supabase/lite, on our database and keys. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const connection = new ApiConnection({
    authenticator: options.authenticatorUrl,
    owner: options.ownerUrl,
  });
  const restoreConsole = shortenRefusals(options.log);
  const rpc = createRpc(options);
  const stamp = createTokenStamper(options.jwtSecret);
  const { origin } = new URL(options.siteUrl);
  const app = new App({
    connection,
    api: { schemas: ["public"], external_url: options.apiUrl },
    auth: {
      enabled: true,
      jwt_secret: options.jwtSecret,
      jwt_expiry: 3600,
      publishable_key: options.publishableKey,
      secret_key: options.secretKey,
      site_url: origin,
      // Local development: the same page by its other name, and any path on it.
      additional_redirect_urls: [`${origin}/**`, `${origin.replace("127.0.0.1", "localhost")}/**`],
      enable_signup: true,
      minimum_password_length: 8,
      email: { enable_signup: true, enable_confirmations: false },
    },
    options: {
      server: { disableStudio: true },
      drivers: { email: linkToGateway(options.mail, origin, options.apiUrl) },
    },
  });
  await app.init();
  return {
    async answer(incoming, response) {
      const body = await readBody(incoming);
      if (!body)
        return sendJson(response, 413, { code: "413", message: "The request is too large." });
      const value = await rpc.call(incoming, body);
      if (value !== undefined) return sendRpc(response, value);
      const answer = await app.fetch(toRequest(incoming, body, options.apiUrl), {
        peerAddress: null,
      });
      const isAuth = incoming.url?.startsWith("/auth/");
      await sendResponse(response, isAuth ? await stamp(answer) : answer);
    },
    async reloadSchema() {
      rpc.reloadSchema();
      await connection.clearSchemaCache();
    },
    async close() {
      restoreConsole();
      await Promise.all([rpc.close(), connection.close()]);
    },
  };
}

function sendRpc(response: ServerResponse, value: string): void {
  response
    .writeHead(200, {
      "content-type": "application/json; charset=utf-8",
      "access-control-allow-origin": "*",
    })
    .end(value);
}

/** lite writes links that assume /auth/v1 on the site itself, as on a hosted domain; here it is on the gateway. */
function linkToGateway(mail: EmailDriver, siteOrigin: string, apiUrl: string): EmailDriver {
  const redirect = (text: string) =>
    text.replaceAll(`${siteOrigin}/auth/v1/`, `${apiUrl}/auth/v1/`);
  return {
    send: ({ html, text, ...message }) =>
      mail.send({
        ...message,
        ...(html !== undefined && { html: redirect(html) }),
        ...(text !== undefined && { text: redirect(text) }),
      }),
  };
}
