import { connect } from "./postgres/connect.ts";

/**
 * Calls `reload` on `NOTIFY pgrst, 'reload schema'`, which an event trigger sends after every change of the
 * schema (see postgres/supabase.sql), and whenever such a notification may have been missed.
 */
export async function listenForSchemaChanges(
  databaseUrl: string,
  reload: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const sql = connect(databaseUrl);
  await sql.listen("pgrst", reload, reload);
  return { close: () => sql.end({ timeout: 1 }) };
}
