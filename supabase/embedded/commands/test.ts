import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod/mini";
import { findFunctions } from "../settings.ts";
import { installChromium } from "./chromium.ts";
import type { CommandContext } from "./command.ts";

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

/**
 * `npm test [-- NAME …]`: types, lint, then the tests of each Vitest project; or only those named. Ends with
 * one line, `N passed, N failed`, in which a check of the whole counts as one. It is also left in
 * test-results/summary.txt.
 */
export async function run({ args, settings, env }: CommandContext): Promise<number> {
  const { root } = settings;
  const results = join(root, "test-results");
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const check =
    (program: string, ...programArgs: string[]) =>
    async (): Promise<Outcome> => {
      const code = await execute(root, join(root, "node_modules/.bin", program), programArgs, env);
      return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    };
  const tests = (project: string) => () => runProject(root, results, project, env);
  const steps: Readonly<Record<string, () => Promise<Outcome>>> = {
    types: check("tsc", "--project", "."),
    "function-types": check(
      "deno",
      "check",
      "--quiet",
      "--config=deno.json",
      "supabase/embedded/functions/runner.ts",
      ...Object.values(findFunctions(root)),
    ),
    lint: check("biome", "ci", "."),
    unit: tests("unit"),
    db: tests("db"),
    integration: tests("integration"),
    browser: async () => {
      const chromium = installChromium(env);
      return runProject(root, results, "browser", { ...env, CHROMIUM_PATH: chromium });
    },
  };

  let total: Outcome = { passed: 0, failed: 0 };
  for (const [name, step] of Object.entries(steps)) {
    if (args.length > 0 && !args.includes(name)) continue;
    console.log(`\n── ${name}`);
    const began = performance.now();
    const outcome = await step().catch((error: unknown): Outcome => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1 };
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${name}: ${outcome.passed} passed, ${outcome.failed} failed, ${seconds} s`);
    total = { passed: total.passed + outcome.passed, failed: total.failed + outcome.failed };
  }
  const summary = `${total.passed} passed, ${total.failed} failed`;
  writeFileSync(join(results, "summary.txt"), `${summary}\n`);
  console.log(`\n${summary}`);
  return total.failed === 0 ? 0 : 1;
}

async function runProject(
  root: string,
  results: string,
  project: string,
  env: CommandContext["env"],
): Promise<Outcome> {
  const file = join(results, `${project}.json`);
  const code = await execute(
    root,
    join(root, "node_modules/.bin/vitest"),
    [
      "run",
      `--project=${project}`,
      "--passWithNoTests",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
    ],
    env,
  );
  const { numPassedTests, numFailedTests, testResults } = report.parse(
    JSON.parse(readFileSync(file, "utf8")),
  );
  // A file that could not be read, or whose hooks failed, has failed without any test of its own.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  const failed = numFailedTests + broken.length;
  // What leaked at the end is told by the exit code alone.
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function execute(
  root: string,
  program: string,
  args: readonly string[],
  env: CommandContext["env"],
): Promise<number> {
  // The programs' first lines name `node`: let that be the one in node_modules.
  const path = `${join(root, "node_modules/.bin")}:${env.PATH ?? ""}`;
  const child = spawn(program, args, { cwd: root, stdio: "inherit", env: { ...env, PATH: path } });
  const [code] = await once(child, "close");
  return typeof code === "number" ? code : 1;
}
