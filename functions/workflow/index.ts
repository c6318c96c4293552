/** Everything a user does: `POST /functions/v1/workflow` with `{action, data}`; see the contract. */
import { connect } from "../_shared/http/database.ts";
import { PRICES } from "../_shared/providers/prices.ts";
import { detectSource, planSource } from "../_shared/sources/catalogue.ts";
import { createWorkflowHandler } from "../_shared/workflow/handle.ts";
import { createRuns } from "../_shared/workflow/runs.ts";

const env = Deno.env.toObject();

Deno.serve(
  createWorkflowHandler({
    env,
    sql: connect(env.SUPABASE_DB_URL ?? "", 8),
    runs: createRuns(env, { detect: detectSource, plan: planSource }, PRICES),
    log: (message, cause) => console.error("workflow:", message, cause),
  }),
);
