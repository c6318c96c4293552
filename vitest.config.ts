import { defineConfig } from "vitest/config";

/** Projects in the order of what they need: nothing; Postgres; the whole stack; the stack and a browser. */
const project = (name: string, include: string[], options: Record<string, unknown> = {}) => ({
  test: {
    name,
    include,
    exclude: ["**/node_modules/**"],
    setupFiles: ["./tests/support/fixed-seed.ts"],
    ...options,
  },
});

/** What happens in another process may take a while on a busy machine. */
const expectPatiently = { poll: { timeout: 15_000 } };

const cluster = "./tests/support/global-cluster.ts";
const stack = "./tests/support/global-stack.ts";

export default defineConfig({
  test: {
    projects: [
      project(
        "unit",
        ["{functions,web,supabase/embedded}/**/*.test.{ts,tsx}", "tests/contract/**/*.test.ts"],
        { testTimeout: 30_000 },
      ),
      project("db", ["tests/{db,support}/**/*.test.ts"], {
        globalSetup: cluster,
        testTimeout: 60_000,
        hookTimeout: 60_000,
        maxWorkers: 2,
      }),
      project("integration", ["tests/integration/**/*.test.ts"], {
        globalSetup: [cluster, stack],
        expect: expectPatiently,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        maxWorkers: 2,
      }),
      project("browser", ["tests/{e2e,faults}/**/*.test.ts"], {
        globalSetup: [cluster, stack],
        expect: expectPatiently,
        testTimeout: 180_000,
        hookTimeout: 180_000,
        fileParallelism: false,
      }),
    ],
  },
});
