import type { EmailDriver } from "@supabase/lite";
import { App } from "@supabase/lite";
import { ApiConnection } from "./api-connection.ts";
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
}

export interface Api {
  /** Answers /rest/v1/… and /auth/v1/… */
  fetch(request: Request): Promise<Response>;
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
    async fetch(request) {
      const response = await app.fetch(request, { peerAddress: null });
      return new URL(request.url).pathname.startsWith("/auth/") ? stamp(response) : response;
    },
    reloadSchema: () => connection.clearSchemaCache(),
    close: () => connection.close(),
  };
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
