import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { TokenError, Tokens } from "./token.ts";

const SECRET = "a-unit-test-secret-of-more-than-32-bytes";
const KEYS = { publishable: "sb_publishable_a", secret: "sb_secret_b" };
let now = 1_000_000_000_000;
const tokens = new Tokens(SECRET, KEYS, () => now);

function sign(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
}

test("the API keys are roles that never expire", async () => {
  const anon = await tokens.identify(KEYS.publishable);
  expect(anon).toMatchObject({ claims: { role: "anon" }, expiresAt: undefined });
  expect((await tokens.identify(KEYS.secret)).claims).toEqual({ role: "service_role" });
  expect(tokens.complaint(anon)).toBeUndefined();
  expect(tokens.remaining(anon, 500)).toBe(500);
});

test("a user's token is her claims until it expires", async () => {
  now = 1_000_000_000_000;
  const claims = { role: "authenticated", sub: "u", exp: 1_000_000_010 };
  const identity = await tokens.identify(await sign(claims));
  expect(identity.claims).toEqual(claims);
  expect(tokens.remaining(identity, 60_000)).toBe(10_000);
  now += 9_999;
  expect(tokens.complaint(identity)).toBeUndefined();
  now += 3_001;
  expect(tokens.complaint(identity)).toBe("Token has expired 3 seconds ago");
  expect(tokens.remaining(identity, 60_000)).toBe(0);
});

test.each([
  ["expired", { role: "r", exp: 5 }, "Token has expired"],
  ["without a role", { exp: 9_999_999_999 }, "`role` and `exp`"],
  ["without an end", { role: "r" }, "`role` and `exp`"],
])("a token that is %s is refused", async (_, claims, reason) => {
  const refused = tokens.identify(await sign(claims));
  await expect(refused).rejects.toThrow(TokenError);
  await expect(refused).rejects.toThrow(reason);
});

test("a token of another signer, another kind or of no kind is refused", async () => {
  const claims = { role: "service_role", exp: 9_999_999_999 };
  const foreign = await sign(claims, "another-secret-that-is-as-long-as-ours");
  await expect(tokens.identify(foreign)).rejects.toThrow("Failed to validate JWT signature");
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const bad of [`${encode({ alg: "none" })}.${encode(claims)}.`, "a.b.c", "", "sb_secret_x"]) {
    await expect(tokens.identify(bad)).rejects.toThrow(TokenError);
  }
});
