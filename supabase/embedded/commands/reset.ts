import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { clearRemains } from "../postgres/postmaster.ts";
import { StackError } from "../stack-error.ts";
import { lockStack } from "../stack-lock.ts";
import type { CommandContext } from "./command.ts";
import { run as runStack } from "./stack.ts";

/** `npm run stack:reset [-- --yes]`: throws the database away, after asking, and starts with an empty one. */
export async function run(context: CommandContext): Promise<number> {
  const { dataDir } = context.settings;
  const lock = await lockStack(dataDir);
  try {
    if (!context.args.includes("--yes") && !(await confirm(dataDir))) {
      console.log("Nothing was changed.");
      return 1;
    }
    const cluster = join(dataDir, "postgres");
    await clearRemains(cluster);
    rmSync(cluster, { recursive: true, force: true });
    rmSync(join(dataDir, "keys.json"), { force: true });
  } finally {
    await lock.release();
  }
  return runStack(context);
}

async function confirm(dataDir: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new StackError("Nobody can be asked here. Say --yes to delete all data.");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `This deletes all data in ${dataDir}. Type yes to go on: `,
  );
  terminal.close();
  return answer.trim().toLowerCase() === "yes";
}
