/** CSV of a session or campaign, as a plain download: `GET /functions/v1/export?what=leads&campaign_id=…`. */
import { createExportHandler } from "../_shared/export/handle.ts";
import { connect } from "../_shared/http/database.ts";

const env = Deno.env.toObject();
const sql = connect(env.SUPABASE_DB_URL ?? "", 8);

Deno.serve(
  createExportHandler(env, sql, (message, cause) => console.error("export:", message, cause)),
);
