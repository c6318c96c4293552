import type { TestProject } from "vitest/node";
import { type StackAddress, startOwnStack } from "./stack.ts";

declare module "vitest" {
  export interface ProvidedContext {
    stack: StackAddress;
  }
}

/** Vitest global set-up: one stack for the whole run, or the Supabase that API_URL and its sisters name. */
export default async function setup(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const { API_URL, DB_URL, PUBLISHABLE_KEY, SECRET_KEY, JWT_SECRET } = process.env;
  if (API_URL && DB_URL && PUBLISHABLE_KEY && SECRET_KEY && JWT_SECRET) {
    project.provide("stack", {
      apiUrl: API_URL,
      databaseUrl: DB_URL,
      publishableKey: PUBLISHABLE_KEY,
      secretKey: SECRET_KEY,
      jwtSecret: JWT_SECRET,
    });
    return undefined;
  }
  const own = await startOwnStack();
  const { apiUrl, databaseUrl, publishableKey, secretKey, jwtSecret } = own;
  project.provide("stack", { apiUrl, databaseUrl, publishableKey, secretKey, jwtSecret });
  return async () => own[Symbol.asyncDispose]();
}
