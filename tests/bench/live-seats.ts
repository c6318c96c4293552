import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Sql } from "postgres";
import { createJwks } from "../../supabase/embedded/gateway/user-token.ts";
import type { Seat } from "./live-client.ts";

/** So many users, each with a session of her own and a token. */
export async function createSeats(sql: Sql, jwtSecret: string, count: number): Promise<Seat[]> {
  const kid = JSON.parse(createJwks(jwtSecret)).keys[0].kid;
  const seats = await Promise.all(
    Array.from({ length: count }, async () => {
      const [userId, sessionId] = [randomUUID(), randomUUID()];
      const token = await new SignJWT({ role: "authenticated", aud: "authenticated" })
        .setProtectedHeader({ alg: "HS256", kid })
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime("2h")
        .sign(new TextEncoder().encode(jwtSecret));
      return { userId, sessionId, token };
    }),
  );
  const [users, sessions] = [seats.map((s) => s.userId), seats.map((s) => s.sessionId)];
  await sql`
    insert into auth.users (id, aud, role, email)
    select id, 'authenticated', 'authenticated', id || '@bench.local' from unnest(${users}::uuid[]) id
  `;
  await sql`
    insert into public.otis_workflow_sessions (id, owner_id, name)
    select id, owner, 'bench' from unnest(${sessions}::uuid[], ${users}::uuid[]) as s (id, owner)
  `;
  return seats;
}

/** Writes log lines that carry the time of their writing, until stopped. */
export function writeStamped(
  sql: Sql,
  seats: readonly Seat[],
  { rowsPerSecond, rowsPerStatement }: { rowsPerSecond: number; rowsPerStatement: number },
): { stop(): Promise<number> } {
  let running = true;
  let rows = 0;
  const pauseMs = (1_000 * rowsPerStatement * seats.length) / rowsPerSecond;
  const loops = seats.map(async ({ sessionId }, index) => {
    let due = performance.now() + (pauseMs * index) / seats.length;
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      // Anywhere between half and one and a half times the pause: no rhythm to fall in with.
      due += pauseMs * (0.5 + Math.random());
      if (!running) return;
      await sql`
        insert into public.otis_progress_events (session_id, owner_id, event_type, message)
        select ${sessionId}, s.owner_id, 'bench', 'at ' || extract(epoch from clock_timestamp()) * 1000
        from public.otis_workflow_sessions s, generate_series(1, ${rowsPerStatement})
        where s.id = ${sessionId}
      `;
      rows += rowsPerStatement;
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(loops);
      return rows;
    },
  };
}
