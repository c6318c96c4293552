import type { CommandContext } from "../cli.ts";
import { offerPractice, openedHosts, startPractice } from "../practice.ts";
import { startStack } from "../stack.ts";
import { requireWebPort, startWeb } from "../web.ts";
import { runUntilTold, watchForEnd } from "./run-until-told.ts";

/** `npm start`: the backend and the web client. */
export async function run({ settings, env }: CommandContext): Promise<number> {
  const began = performance.now();
  const shutdown = watchForEnd();
  await requireWebPort(settings.webPort);
  const siteUrl = `http://127.0.0.1:${settings.webPort}`;
  const log = (line: string) => console.error(line);
  const practice = await startPractice(settings.practicePort);
  const stack = await startStack({
    settings,
    env: { ...practice.endpoints, ...env, OTIS_ALLOW_PRIVATE_HOSTS: openedHosts(practice, env) },
    siteUrl,
    log,
    watch: true,
  }).catch(async (error: unknown) => {
    await practice.close();
    throw error;
  });
  const close = async () => {
    await stack.close();
    await practice.close();
  };
  await offerPractice(stack.databaseUrl, practice);
  const web = await startWeb({ settings, stack, log }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  console.log(`
OTIS is ready after ${((performance.now() - began) / 1000).toFixed(1)} s.

  Open      ${siteUrl}
  Sign in   ${stack.demo.email} / ${stack.demo.password}
  Mailbox   ${stack.apiUrl}/mailbox
  Practice  ${practice.url}

Ctrl-C stops it.`);
  return runUntilTold(shutdown, stack, async () => {
    await web.close();
    await close();
  });
}
