import type { Command } from "./commands/command.ts";
import { readSettings } from "./settings.ts";
import { StackError } from "./stack-error.ts";

/** Each command loads what it needs only: `stack:status` is not to wait for the whole stack's modules. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: () => import("./commands/start.ts"),
  dev: () => import("./commands/dev.ts"),
  stack: () => import("./commands/stack.ts"),
  "stack:status": () => import("./commands/status.ts"),
  "stack:reset": () => import("./commands/reset.ts"),
  sql: () => import("./commands/sql.ts"),
  types: () => import("./commands/types.ts"),
  "start:docker": () => import("./commands/start-docker.ts"),
  test: () => import("./commands/test.ts"),
};

// By then everything has been closed, or has failed to be.
process.exit(await main(process.argv.slice(2)));

/** Runs a command and turns what went wrong into one message. Resolves to the exit code. */
async function main([name = "", ...args]: string[]): Promise<number> {
  const load = COMMANDS[name];
  if (!load) {
    console.error(`There is no command "${name}": ${Object.keys(COMMANDS).join(", ")}.`);
    return 2;
  }
  try {
    const { run } = await load();
    return await run({ args, settings: readSettings(process.env), env: process.env });
  } catch (error) {
    console.error(describe(error));
    return 1;
  }
}

function describe(error: unknown): string {
  if (error instanceof StackError) return `\n${error.message}`;
  if (error instanceof Error && "code" in error) {
    if (error.code === "ENOSPC")
      return `\nThe disk is full: ${error.message}. Make room and start again.`;
    if (error.code === "EACCES" || error.code === "EROFS") {
      return `\nNot allowed to write: ${error.message}. Give the folder to this user, or name another with OTIS_DATA_DIR.`;
    }
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
