import type { SupabaseClient } from "@supabase/supabase-js";

/**
 * What two users of unmodified supabase-js receive when one inserts, updates and deletes a row of hers. It
 * closes over nothing, so that it runs in a browser as it does in Node.
 */
export async function followNotes(
  owner: SupabaseClient,
  other: SupabaseClient,
  table: string,
): Promise<{ owner: string[]; other: string[]; errors: string[] }> {
  const seen = { owner: [] as string[], other: [] as string[], errors: [] as string[] };
  const finished = Promise.withResolvers<void>();
  const follow = async (client: SupabaseClient, events: string[]) => {
    const ready = Promise.withResolvers<void>();
    client
      .channel("notes")
      .on("postgres_changes", { event: "*", schema: "public", table }, (change) => {
        const row = change.eventType === "DELETE" ? change.old : change.new;
        events.push(`${change.eventType} ${row.id}`);
        if (events === seen.owner && change.eventType === "DELETE") finished.resolve();
      })
      .on("system", {}, ({ status, extension }) => {
        if (extension === "postgres_changes" && status === "ok") ready.resolve();
      })
      .subscribe();
    await ready.promise;
  };
  await follow(owner, seen.owner);
  await follow(other, seen.other);
  const steps = [
    owner.from(table).insert({ id: 1, body: "written" }),
    owner.from(table).update({ body: "changed" }).eq("id", 1),
    owner.from(table).delete().eq("id", 1),
  ];
  for (const step of steps) {
    const { error } = await step;
    if (error) seen.errors.push(error.message);
  }
  await finished.promise;
  await owner.removeAllChannels();
  await other.removeAllChannels();
  return seen;
}
