import { Logger, run } from "graphile-worker";
import { PgBoss } from "pg-boss";
import postgres from "postgres";

/** Items a worker takes at a time, the same for every queue. */
export const BATCH = 100;
export const WORKERS = 4;

/** A queue that is filled with items that do nothing, and drained. */
export interface Contender {
  readonly name: string;
  fill(count: number): Promise<void>;
  /** Resolves when every item is done. */
  drain(count: number): Promise<void>;
  close(): Promise<void>;
}

/** OTIS: claim and complete as the worker does, each a statement of its own. */
export async function otisQueue(url: string): Promise<Contender> {
  const sql = postgres(url, { max: WORKERS, onnotice() {} });
  const [user] = await sql`
    insert into auth.users (id, aud, role, email) values (gen_random_uuid(), 'authenticated', 'authenticated', 'queue@bench.local') returning id`;
  const [session] = await sql`
    insert into public.otis_workflow_sessions (owner_id, name) values (${user?.id}, 'queue') returning id`;
  return {
    name: "otis",
    async fill(count) {
      await sql`
        insert into otis.work_items (kind, owner_id, session_id, group_id, subject_id, provider)
        select 'noop', ${user?.id}, ${session?.id}, gen_random_uuid(), gen_random_uuid(), 'noop' from generate_series(1, ${count})`;
    },
    async drain() {
      await atOnce(async (worker) => {
        for (;;) {
          const items = await sql<{ id: string; lease: string }[]>`
            select id, lease from otis.claim_work(${`worker ${worker}`}, '{noop}', ${BATCH}, '60 seconds')`;
          if (items.length === 0) return;
          await sql`select from otis.complete_work(${`worker ${worker}`}, ${sql.json(items.map(({ id, lease }) => ({ id, lease })))})`;
        }
      });
    },
    close: () => sql.end(),
  };
}

/** pg-boss, fetching and completing in batches of the same size; its maintenance is off. */
export async function pgBossQueue(url: string): Promise<Contender> {
  const boss = new PgBoss({
    connectionString: url,
    max: WORKERS,
    schedule: false,
    supervise: false,
  });
  boss.on("error", console.error);
  await boss.start();
  await boss.createQueue("noop");
  return {
    name: "pg-boss",
    async fill(count) {
      for (let left = count; left > 0; left -= 1_000) {
        await boss.insert(
          "noop",
          Array.from({ length: Math.min(left, 1_000) }, () => ({ data: {} })),
        );
      }
    },
    async drain() {
      await atOnce(async () => {
        for (;;) {
          const jobs = await boss.fetch("noop", { batchSize: BATCH });
          if (jobs.length === 0) return;
          await boss.complete(
            "noop",
            jobs.map((job) => job.id),
          );
        }
      });
    },
    close: () => boss.stop({ graceful: false }),
  };
}

/** graphile-worker with its local queue and batched completion, as its manual advises for throughput. */
export async function graphileQueue(url: string): Promise<Contender> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  const start = (onJob: () => void) =>
    run({
      connectionString: url,
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: { noop: async () => onJob() },
      logger: new Logger(() => () => {}),
      preset: {
        worker: {
          concurrentJobs: WORKERS * 8,
          maxPoolSize: WORKERS * 2,
          pollInterval: 50,
          localQueue: { size: WORKERS * BATCH },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
  const first = await start(() => {});
  await first.stop();
  return {
    name: "graphile-worker",
    async fill(count) {
      await sql`
        select graphile_worker.add_jobs(array(
          select json_populate_record(null::graphile_worker.job_spec, '{"identifier": "noop", "payload": {}}') from generate_series(1, ${count})))`;
    },
    async drain(count) {
      let done = 0;
      const finished = Promise.withResolvers<void>();
      const runner = await start(() => {
        if (++done === count) finished.resolve();
      });
      await finished.promise;
      // Its completions are batched: stopping waits for the last of them.
      await runner.stop();
    },
    close: () => sql.end(),
  };
}

async function atOnce(work: (worker: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
}
