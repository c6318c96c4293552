import type { Plugin } from "vite";

/**
 * Parts of supabase-js that OTIS has no use for, and what is imported of them: files in Storage,
 * functions by its own client, administration, passkeys, wallets. 15 KB gzip together.
 */
const unused: Readonly<Record<string, readonly string[]>> = {
  "@supabase/storage-js": ["StorageClient", "StorageApiError"],
  "@supabase/functions-js": [
    "FunctionRegion",
    "FunctionsClient",
    "FunctionsError",
    "FunctionsFetchError",
    "FunctionsHttpError",
    "FunctionsRelayError",
  ],
  "./GoTrueAdminApi": ["default"],
  "./lib/web3/ethereum": ["createSiweMessage", "fromHex", "getAddress", "toHex"],
  "./lib/webauthn": [
    "WebAuthnApi",
    "browserSupportsWebAuthn",
    "createCredential",
    "deserializeCredentialCreationOptions",
    "deserializeCredentialRequestOptions",
    "getCredential",
    "serializeCredentialCreationResponse",
    "serializeCredentialRequestResponse",
    "webAuthnAbortService",
  ],
};

const MARK = "\0unused:";

/** Leaves the unused parts out of the bundle. An import that is not listed above fails the build. */
export function withoutUnused(): Plugin {
  return {
    name: "without-unused",
    apply: "build",
    enforce: "pre",
    resolveId: (id, importer) =>
      id in unused && importer?.includes("/@supabase/") ? MARK + id : null,
    load(id) {
      if (!id.startsWith(MARK)) return null;
      const names = unused[id.slice(MARK.length)] ?? [];
      return `class Unused {}\nexport { ${names.map((name) => `Unused as ${name}`).join(", ")} };`;
    },
  };
}
