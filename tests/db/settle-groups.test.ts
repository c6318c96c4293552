import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { act } from "./effects-companies.ts";
import { startRun } from "./effects-postings.ts";
import { createSession, held, QueueWorker } from "./queue-worker.ts";

const db = await testDatabase();
await db.sql`delete from otis.provider_limits`;
const worker = new QueueWorker(db);
let owner = "";
let session = "";

beforeEach(async () => {
  await db.sql`delete from otis.work_items`;
  owner = await db.createUser();
  session = await createSession(db, owner);
});

const start = (key: string) => startRun(db, owner, session, { kind: "csv", key });
const to = (action: string, target: string, id: string) => act(db, owner, action, { target, id });
const inbox = async () => [
  ...(await db.sql`select kind, body, link from public.notifications where owner_id = ${owner}`),
];
const claimOf = async (run: string) => {
  const items = await worker.claim();
  const item = items.find(({ subject_id }) => subject_id === run);
  if (!item) throw new Error("it is not waiting");
  await worker.release(items.filter((other) => other !== item));
  return item;
};

describe("when the last run of a session has ended", () => {
  it("the inbox says so once, with a link to the session", async () => {
    const [one, two] = [await start("a"), await start("b")];
    await worker.complete({ ...held(await claimOf(one)), effect: { outcome: "zero" } });
    expect(await inbox()).toEqual([]);
    await worker.complete({ ...held(await claimOf(two)), effect: { outcome: "zero" } });
    expect(await inbox()).toEqual([
      {
        kind: "scraping_finished",
        body: "0 postings of 0 companies found",
        link: `/s/${session}`,
      },
    ]);
  });

  it("and no source could be read, it says that", async () => {
    const item = await claimOf(await start("a"));
    await worker.fail({ ...held(item), code: "refused", message: "No entry.", permanent: true });
    expect(await inbox()).toMatchObject([{ body: "None of the sources could be read" }]);
  });

  it("because it was cancelled, the others are reported all the same", async () => {
    const [one, two] = [await start("a"), await start("b")];
    await worker.complete({ ...held(await claimOf(one)), effect: { outcome: "zero" } });
    await to("cancel", "run", two);
    expect(await inbox()).toMatchObject([{ kind: "scraping_finished" }]);
  });

  it("and all were cancelled, there is nothing to report", async () => {
    await to("cancel", "run", await start("a"));
    expect(await inbox()).toEqual([]);
  });
});

it("to look at a campaign's numbers is no news", async () => {
  const [campaign] = await db.sql<{ id: string }[]>`
    insert into public.campaigns (session_id, name, channel, provider_campaign_id)
    values (${session}, 'C', 'instantly', 'p') returning id`;
  const id = campaign?.id ?? "";
  for (const status of ["preparing", "ready", "active"])
    await db.sql`update public.campaigns set status = ${status} where id = ${id}`;
  const refresh = async (effect: object) => {
    await act(db, owner, "refresh_analytics", { campaign_id: id });
    await worker.complete({ ...held(await claimOf(id)), effect });
  };
  await refresh({});
  await refresh({});
  expect(await inbox()).toEqual([]);
  await refresh({ campaign_status: "completed" });
  await refresh({ campaign_status: "completed" });
  expect(await inbox()).toMatchObject([{ kind: "campaign_completed" }]);
});

it("an expired session that is resumed stays so", async () => {
  await db.sql`update public.otis_workflow_sessions set expires_at = now() - interval '1 day' where id = ${session}`;
  await db.sql`select otis.expire_sessions()`;
  await to("resume", "session", session);
  await db.sql`select otis.expire_sessions()`;
  const [row] =
    await db.sql`select status from public.otis_workflow_sessions where id = ${session}`;
  expect(row?.status).toBe("active");
});

it("what waits beside the queue wakes a worker at the tick", async () => {
  const [campaign] = await db.sql<{ id: string }[]>`
    insert into public.campaigns (session_id, name) values (${session}, 'C') returning id`;
  await db.sql`insert into public.campaign_leads (session_id, campaign_id, email, status, provider_lead_id)
    values (${session}, ${campaign?.id ?? ""}, 'a@acme.example', 'suppressed', 'at the vendor')`;
  let woken = 0;
  const { unlisten } = await db.sql.listen("otis_work", () => {
    woken += 1;
  });
  await db.sql`select otis.tick()`;
  await expect.poll(() => woken).toBe(1);
  await unlisten();
});

it("what Postgres says of a refused result is for operators: a user reads a sentence", async () => {
  const run = await start("a");
  const item = await claimOf(run);
  await worker.complete({
    ...held(item),
    effect: { cost_usd: "Ada Lovelace", outcome: "found" },
  });
  const [row] = await db.sql`select error_message from public.scraping_runs where id = ${run}`;
  expect(row?.error_message).toBe("The database refused the result (22P02).");
});
