import { describe, expect, it } from "vitest";
import { testDatabase } from "../support/database.ts";
import { createSession } from "./live-tables.ts";

const db = await testDatabase();
const owner = await db.createUser();

const begin = (key: string, action = "rename_session", hash = "h") =>
  db.as(owner, async (sql) => {
    const [row] = await sql`select public.begin_mutation(${key}, ${action}, ${hash}) as known`;
    if (row?.known === null) {
      await sql`select public.create_session(${key})`;
      await sql`select public.finish_mutation(${key}, '{"done": true}')`;
    }
    return row?.known;
  });

describe("idempotency keys", () => {
  it("let ten simultaneous requests with one key act once, and answer all alike", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin("the same key")));
    expect(answers.filter((answer) => answer === null)).toHaveLength(1);
    expect(answers.filter((answer) => answer?.response?.done)).toHaveLength(9);
    const [count] =
      await db.sql`select count(*)::int as n from public.otis_workflow_sessions where name = 'the same key'`;
    expect(count?.n).toBe(1);
  });

  it("let a mutation that failed be tried again", async () => {
    await expect(
      db.as(owner, async (sql) => {
        await sql`select public.begin_mutation('failing key', 'a', 'h')`;
        throw new Error("the function died here");
      }),
    ).rejects.toThrow("died");
    expect(await begin("failing key", "a")).toBeNull();
  });

  it("are refused for another request, and when too short", async () => {
    await begin("key for one", "a", "one");
    await expect(begin("key for one", "a", "two")).rejects.toMatchObject({
      code: "PT409",
      message: "key_reused",
    });
    await expect(begin("short")).rejects.toMatchObject({ code: "PT400", message: "invalid_input" });
  });

  it("belong to their user", async () => {
    const other = await db.createUser();
    await begin("shared text");
    const known = await db.as(
      other,
      async (sql) => (await sql`select public.begin_mutation('shared text', 'a', 'h') as k`)[0]?.k,
    );
    expect(known).toBeNull();
  });
});

describe("rate limits", () => {
  it("refuse by name once the allowance is used up, per user and action", async () => {
    await db.sql`insert into otis.rate_limits (action, capacity, per_second) values ('test_action', 3, 0.001)`;
    const act = (user: string) =>
      db.sql.begin(async (sql) => {
        await sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true)`;
        await sql`select otis.enter_action('test_action')`;
      });
    const other = await db.createUser();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => act(owner)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(3);
    await expect(act(owner)).rejects.toMatchObject({ code: "PT429", message: "rate_limited" });
    await act(other);
  });

  it("and the log count what was carried out: a refused action costs no token and leaves no line", async () => {
    const user = await db.createUser();
    await db.sql`insert into otis.rate_limits (action, capacity, per_second) values ('pause', 1, 0.001)`;
    const pause = (id: string) => db.as(user, (sql) => sql`select public.pause('session', ${id})`);
    for (let i = 0; i < 3; i++)
      await expect(pause(crypto.randomUUID())).rejects.toMatchObject({ code: "PT404" });
    const session = await createSession(db, user);
    await pause(session.id);
    await expect(pause(session.id)).rejects.toMatchObject({ code: "PT429" });
    expect(
      await db.sql`select action, subject_id from otis.audit_log where owner_id = ${user}`,
    ).toEqual([{ action: "pause", subject_id: session.id }]);
  });
});

describe("the audit log", () => {
  it("can be added to and not changed, not even by its owner", async () => {
    await db.sql`insert into otis.audit_log (owner_id, action) values (${owner}, 'test')`;
    for (const statement of [
      "update otis.audit_log set action = 'x'",
      "delete from otis.audit_log",
      "truncate otis.audit_log",
    ]) {
      await expect(db.sql.unsafe(statement)).rejects.toMatchObject({
        code: "PT403",
        message: "audit_is_append_only",
      });
    }
  });
});

describe("uploads", () => {
  const piece = (id: string, seq: number, text: string, last = false, user = owner) =>
    db.as(user, async (sql) => {
      const base64 = Buffer.from(text).toString("base64");
      const [row] =
        await sql`select public.append_upload(${id}, 'a.csv', ${seq}, ${base64}, ${last}) as r`;
      return row?.r;
    });

  it("are put together from pieces that may come twice", async () => {
    const id = crypto.randomUUID();
    await piece(id, 0, "na");
    await piece(id, 0, "na");
    await piece(id, 1, "me\n", true);
    expect(await piece(id, 1, "me\n", true)).toMatchObject({ chunks: 2, complete: true });
    const [bytes] =
      await db.sql`select string_agg(convert_from(bytes, 'UTF8'), '' order by seq) as text from otis.upload_chunks where upload_id = ${id}`;
    expect(bytes?.text).toBe("name\n");
  });

  it.each([
    ["an empty file", "", "a.csv", true, "The file is empty. Nothing was kept."],
    ["what is no base64", "%", "a.csv", true, "This is no piece"],
    ["no name", "YQ==", "", true, "This is no piece"],
    ["no word of the last piece", "YQ==", "a.csv", null, "This is no piece"],
  ])("refuse %s", async (_, base64, name, last, sentence) => {
    await expect(
      db.as(
        owner,
        (sql) =>
          sql`select public.append_upload(${crypto.randomUUID()}, ${name}, 0, ${base64}, ${last})`,
      ),
    ).rejects.toMatchObject({ code: "PT400", detail: expect.stringContaining(sentence) });
  });

  it("refuse a hole, another user and a piece over 1 MiB", async () => {
    const id = crypto.randomUUID();
    await piece(id, 0, "a");
    await expect(piece(id, 2, "c")).rejects.toMatchObject({
      code: "PT409",
      message: "stale_revision",
    });
    await expect(piece(id, 1, "b", false, await db.createUser())).rejects.toMatchObject({
      code: "PT404",
    });
    await expect(piece(id, 1, "x".repeat(1_100_000))).rejects.toMatchObject({
      code: "PT413",
      message: "too_large",
    });
  });
});
