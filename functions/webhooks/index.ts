/** Notices of Apify: `POST /functions/v1/webhooks/PROVIDER/CONNECTION?secret=…`. */
import { connect } from "../_shared/http/database.ts";
import { createWebhookHandler } from "../_shared/webhooks/receive.ts";

const sql = connect(Deno.env.get("SUPABASE_DB_URL") ?? "", 2);

Deno.serve(
  createWebhookHandler(sql, (message, cause) => console.error("webhooks:", message, cause)),
);
