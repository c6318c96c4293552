import type { Settings } from "../settings.ts";

export interface CommandContext {
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A command of the CLI: does its work, tells the user, and resolves to the exit code. */
export interface Command {
  run(context: CommandContext): Promise<number>;
}
