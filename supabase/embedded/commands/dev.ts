import { startWebForDevelopment } from "../web/start.ts";
import type { CommandContext } from "./command.ts";
import { runWith } from "./start.ts";

/** `npm run dev`: as `npm start`, with a web client that takes over changes while it runs. */
export function run(context: CommandContext): Promise<number> {
  return runWith(context, startWebForDevelopment);
}
