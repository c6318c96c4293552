import { importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { expect, test } from "vitest";
import { createJwks, createTokenStamper } from "./user-token.ts";

const SECRET = "a secret of at least thirty-two characters";
const token = await new SignJWT({ sub: "u1", role: "authenticated" })
  .setProtectedHeader({ alg: "HS256" })
  .setExpirationTime("1h")
  .sign(new TextEncoder().encode(SECRET));
const stamp = createTokenStamper(SECRET);

const keys: JWK[] = JSON.parse(createJwks(SECRET)).keys;
const verifyByKeyId = (stamped: string) =>
  jwtVerify(stamped, ({ kid }) => importJWK(keys.find((key) => key.kid === kid) ?? {}));

test("the token of a session verifies by the JWKS afterwards, with the same claims", async () => {
  const response = await stamp(
    Response.json({ access_token: token, user: { id: "u1" } }, { status: 201 }),
  );
  expect(response.status).toBe(201);
  const session = await response.json();
  expect(session.user).toEqual({ id: "u1" });
  const { payload } = await verifyByKeyId(session.access_token);
  expect(payload).toMatchObject({ sub: "u1", role: "authenticated" });
});

test("so does the token in a mail link's redirect, and the rest of the link is kept", async () => {
  const location = `http://site.test/next?a=b#access_token=${token}&refresh_token=r&type=magiclink`;
  const response = await stamp(new Response(null, { status: 303, headers: { location } }));
  const url = new URL(response.headers.get("location") ?? "");
  const fragment = new URLSearchParams(url.hash.slice(1));
  expect(url.href).toMatch(/^http:\/\/site.test\/next\?a=b#/);
  expect(Object.fromEntries(fragment)).toMatchObject({ refresh_token: "r", type: "magiclink" });
  await verifyByKeyId(fragment.get("access_token") ?? "");
});

test("answers without a token pass unchanged", async () => {
  const refusal = await stamp(Response.json({ code: "invalid_credentials" }, { status: 400 }));
  expect([refusal.status, await refusal.json()]).toEqual([400, { code: "invalid_credentials" }]);
  const empty = await stamp(new Response(null, { status: 204 }));
  expect([empty.status, empty.body]).toEqual([204, null]);
});
