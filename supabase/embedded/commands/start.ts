import { Closers } from "../closers.ts";
import { offerPractice, openedHosts, startPractice } from "../practice.ts";
import { startStack } from "../stack.ts";
import { requireWebPort, startWeb, type Web, type WebOptions } from "../web/start.ts";
import type { CommandContext } from "./command.ts";
import { endInterrupted, runUntilTold, watchForEnd } from "./run-until-told.ts";

/** `npm start`: the backend and the web client, built. */
export function run(context: CommandContext): Promise<number> {
  return runWith(context, startWeb);
}

export async function runWith(
  { settings, env }: CommandContext,
  start: (options: WebOptions) => Promise<Web>,
): Promise<number> {
  const began = performance.now();
  const shutdown = watchForEnd();
  await requireWebPort(settings.webPort);
  const siteUrl = `http://127.0.0.1:${settings.webPort}`;
  const log = (line: string) => console.error(line);
  const closers = new Closers();
  try {
    const practice = await startPractice(settings.practicePort);
    closers.add(() => practice.close());
    const stack = await startStack({
      settings,
      env: { ...practice.endpoints, ...env, OTIS_ALLOW_PRIVATE_HOSTS: openedHosts(practice, env) },
      siteUrl,
      log,
      watch: true,
    });
    closers.add(() => stack.close());
    await offerPractice(stack.databaseUrl, practice);
    const web = await start({ settings, stack, log });
    closers.add(() => web.close());
    console.log(`
OTIS is ready after ${((performance.now() - began) / 1000).toFixed(1)} s.

  Open      ${siteUrl}
  Sign in   ${stack.demo.email} / ${stack.demo.password}
  Mailbox   ${stack.apiUrl}/mailbox
  Practice  ${practice.url}

Ctrl-C stops it.`);
    return await runUntilTold(shutdown, stack, () => closers.close());
  } catch (error) {
    return endInterrupted(shutdown, error);
  } finally {
    await closers.close();
  }
}
