import { startStack } from "../stack.ts";
import type { CommandContext } from "./command.ts";
import { endInterrupted, runUntilTold, watchForEnd } from "./run-until-told.ts";

/** `npm run stack`: the backend alone. */
export async function run({ settings, env }: CommandContext): Promise<number> {
  const shutdown = watchForEnd();
  try {
    const stack = await startStack({
      settings,
      env,
      siteUrl: `http://127.0.0.1:${settings.webPort}`,
      log: (line) => console.error(line),
      watch: true,
    });
    console.log(`API       ${stack.apiUrl}
Mailbox   ${stack.apiUrl}/mailbox
Database  npm run sql
Keys      npm run stack:status -- -o env
Demo      ${stack.demo.email} / ${stack.demo.password}

Ctrl-C stops it.`);
    return await runUntilTold(shutdown, stack, stack.close);
  } catch (error) {
    return endInterrupted(shutdown, error);
  }
}
