/** What the endpoint decides by itself has to be what Postgres would have decided. */
import fc from "fast-check";
import postgres from "postgres";
import { afterAll, describe, expect, test } from "vitest";
import { SUPERUSER } from "../../supabase/embedded/postgres/cluster.ts";
import { askVisibility } from "../../supabase/embedded/realtime/authorise.ts";
import { Catalog, type Column, type Table } from "../../supabase/embedded/realtime/catalog.ts";
import { meets } from "../../supabase/embedded/realtime/filter.ts";
import { askCondition, bindCondition } from "../../supabase/embedded/realtime/filter-query.ts";
import { FilterError, type Operator } from "../../supabase/embedded/realtime/filter-syntax.ts";
import { toJsonText } from "../../supabase/embedded/realtime/json-value.ts";
import { SESSION } from "../../supabase/embedded/realtime/replication.ts";
import { isVisible } from "../../supabase/embedded/realtime/row-rule.ts";
import { testDatabase } from "../support/database.ts";

const db = await testDatabase();
const sql = postgres(db.url, { max: 4, onnotice() {}, connection: { ...SESSION } });
afterAll(() => sql.end());
const catalog = new Catalog(sql, "supabase_realtime");
const logger = { info() {}, warn() {}, error() {} };

async function lookUp(name: string): Promise<Table> {
  const [table] = await catalog.published("public", name);
  if (!table) throw new Error(`${name} is not published`);
  return table;
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

await db.sql.unsafe(`
  create type mood as enum ('sad', 'ok', 'happy');
  create type pair as (a int, b text);
  create domain word as text;
  create table samples (
    id int primary key,
    c_bool bool, c_int2 int2, c_int4 int4, c_int8 int8, c_oid oid, c_float4 float4, c_float8 float8,
    c_numeric numeric, c_text text, c_varchar varchar(20), c_bpchar char(5), c_uuid uuid, c_date date,
    c_time time, c_timetz timetz, c_timestamp timestamp, c_timestamptz timestamptz, c_interval interval,
    c_bytea bytea, c_json json, c_jsonb jsonb, c_mood mood, c_pair pair, c_word word, c_inet inet,
    c_range int4range, c_texts text[], c_ints int4[], c_numerics numeric[], c_times timestamptz[],
    c_moods mood[], c_pairs pair[], c_jsonbs jsonb[], c_boxes box[]
  );
  alter publication supabase_realtime add table samples;
`);
const samples = await lookUp("samples");

/** Literals of each type, with those among them that are likely to go wrong. */
const digits = fc.stringMatching(/^-?[0-9]{1,25}(\.[0-9]{1,12})?$/);
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("", "NULL", "a,b", '{"', "\\"),
);
const date = fc
  .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  .map((each) => each.toISOString());
const moment = fc.oneof(
  date,
  fc.constantFrom("infinity", "-infinity", "0044-03-15 12:00:00 BC", "12026-01-01 00:00:00.5"),
  fc.constantFrom("2026-01-01 00:00:00", "2026-01-01 00:00:00.5", "2026-01-01 00:00:00.000001"),
);
const plain = (arbitrary: fc.Arbitrary<string>) =>
  arbitrary.filter((each) => !each.includes("\0") && each.isWellFormed());
const LITERALS: Record<string, fc.Arbitrary<string>> = {
  c_bool: fc.constantFrom("true", "false", "t", "f"),
  c_int2: fc.integer({ min: -32768, max: 32767 }).map(String),
  c_int4: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map(String),
  c_int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  c_oid: fc.nat().map(String),
  c_float4: fc.oneof(
    fc.float({ noNaN: true }).map(String),
    fc.constantFrom("NaN", "-Infinity", "-0"),
  ),
  c_float8: fc.oneof(
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom("NaN", "Infinity", "-0"),
  ),
  c_numeric: fc.oneof(
    digits,
    fc.constantFrom("NaN", "Infinity", "0.00", "1.0", "1.00", "-0.0", "1e5"),
  ),
  c_text: plain(text),
  c_varchar: plain(text).map((each) => [...each].slice(0, 20).join("")),
  c_bpchar: fc.constantFrom("a", "a ", "b", "ab   "),
  c_uuid: fc.uuid().map((each) => (each.endsWith("0") ? each.toUpperCase() : each)),
  c_date: moment.map((each) => each.replace(/[T ]\d\d:.*?(?= BC|$)/, "")),
  c_time: fc.constantFrom("00:00", "12:30:00.5", "23:59:59.999999", "24:00"),
  c_timetz: fc.constantFrom("00:00+00", "01:00+01", "12:30:00.5-05"),
  c_timestamp: moment,
  c_timestamptz: moment,
  c_interval: fc.constantFrom("1 day", "24:00:00", "1 mon", "-3 hours"),
  c_bytea: fc.uint8Array().map((bytes) => `\\x${Buffer.from(bytes).toString("hex")}`),
  c_json: fc
    .json()
    .filter((each) => !each.includes("\\u0000") && !/[\ud800-\udfff]|\\ud[89a-f]/i.test(each)),
  c_jsonb: fc
    .json()
    .filter((each) => !each.includes("\\u0000") && !/[\ud800-\udfff]|\\ud[89a-f]/i.test(each)),
  c_mood: fc.constantFrom("sad", "ok", "happy"),
  c_pair: fc.constantFrom("(1,a)", '(2,"x ""y")', "(,)"),
  c_word: plain(text),
  c_inet: fc.constantFrom("10.0.0.1", "10.0.0.0/8", "::1"),
  c_range: fc.constantFrom("[1,5)", "empty", "(,3]"),
  c_texts: fc.constantFrom(
    "{}",
    '{a,"b,c",NULL,"NULL","q\\"\\\\"}',
    "{{a,b},{c,d}}",
    "[0:1]={x,y}",
  ),
  c_ints: fc.constantFrom("{}", "{1,2,NULL}", "{{1},{2}}"),
  c_numerics: fc.constantFrom("{1.50,NaN}", "{NULL}"),
  c_times: fc.constantFrom('{"2026-01-01 00:00:00+02",infinity,NULL}'),
  c_moods: fc.constantFrom("{sad,happy}", "{}"),
  c_pairs: fc.constantFrom('{"(1,a)","(2,\\"x y\\")"}', "{}"),
  c_jsonbs: fc.constantFrom('{"{\\"a\\": [1, null]}",NULL,"1"}'),
  c_boxes: fc.constantFrom("{(1,1),(0,0);(2,2),(1,1)}", "{}"),
};

describe.each(samples.columns.filter((each) => each.name !== "id"))(
  "$type.name",
  ({ name, type }) => {
    const literal = LITERALS[name] ?? fc.constant("");

    // The others are printed by the database itself.
    if (type.json !== "database") {
      test("values become what to_jsonb makes of them", async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(literal, { minLength: 1, maxLength: 20 }), async (literals) => {
            const rows = await sql.unsafe<{ printed: string; json: string }[]>(
              `select format('%s', v::${type.sql}) as printed, to_jsonb(v::${type.sql})::text as json
           from unnest($1::text[]) with ordinality as u (v, place) order by place`,
              [literals],
            );
            for (const { printed, json } of rows) {
              expect(JSON.parse(toJsonText(type.json, printed))).toEqual(JSON.parse(json));
            }
          }),
          { numRuns: 25 },
        );
      });
    }

    test("filters are met by what Postgres says meets them", async () => {
      const operator = fc.constantFrom<Operator>(
        "eq",
        "neq",
        "lt",
        "lte",
        "gt",
        "gte",
        "in",
        "isdistinct",
      );
      const filter = fc.record({
        operator,
        negate: fc.boolean(),
        values: fc.array(literal, { minLength: 1, maxLength: 3 }),
      });
      const rows = fc.array(literal, { minLength: 1, maxLength: 10 });
      await fc.assert(
        fc.asyncProperty(filter, rows, async ({ operator, negate, values }, literals) => {
          const condition = {
            column: name,
            operator,
            negate,
            values: operator === "in" ? values : values.slice(0, 1),
          };
          const bound = await bindCondition(sql, condition, type).catch((error: unknown) => {
            // Types that have no such operator (json, ranges of nothing) say so when subscribing.
            if (error instanceof FilterError) return undefined;
            throw error;
          });
          if (!bound) return;
          const printed = await sql.unsafe<{ v: string }[]>(
            `select format('%s', v::${type.sql}) as v from unnest($1::text[]) with ordinality as u (v, place) order by place`,
            [[...literals, ...values]],
          );
          const tried = printed.map((row) => row.v);
          const met = await askCondition(sql, bound, tried, logger);
          for (const [place, value] of tried.entries()) {
            const local = meets(bound, value);
            if (local !== undefined)
              expect({ value, met: local }).toEqual({ value, met: met.has(place) });
          }
        }),
        { numRuns: 40 },
      );
    });
  },
);

test("the types that filters usually name need no query", async () => {
  const cases: [string, string, string][] = [
    ["c_uuid", "6f1c2b1e-0000-4000-8000-000000000001", "6f1c2b1e-0000-4000-8000-000000000002"],
    ["c_int8", "5", "7"],
    ["c_numeric", "1.50", "1.5"],
    ["c_bool", "t", "f"],
    ["c_timestamptz", "2026-01-01 00:00:00+00", "2026-01-01 00:00:00.5+00"],
    ["c_date", "2026-01-01", "2025-12-31"],
  ];
  for (const [name, value, other] of cases) {
    const { type } = columnOf(samples, name);
    for (const operator of ["eq", "gte", "in"] as const) {
      const condition = { column: name, operator, negate: false, values: [other] };
      expect(meets(await bindCondition(sql, condition, type), value)).toBeTypeOf("boolean");
    }
  }
});

test("null meets what it meets in SQL", async () => {
  const { type } = columnOf(samples, "c_int4");
  const operators: Operator[] = ["eq", "neq", "lt", "lte", "gt", "gte", "in", "isdistinct"];
  for (const operator of operators) {
    for (const negate of [false, true]) {
      const bound = await bindCondition(
        sql,
        { column: "c_int4", operator, negate, values: ["1"] },
        type,
      );
      expect([operator, negate, meets(bound, null)]).toEqual([
        operator,
        negate,
        operator === "isdistinct" && !negate,
      ]);
    }
  }
  for (const [keyword, expected] of [
    ["null", true],
    ["true", false],
    ["false", false],
    ["unknown", true],
  ] as const) {
    const { type: bool } = columnOf(samples, "c_bool");
    const condition = { column: "c_bool", operator: "is" as const, values: [keyword] };
    expect(meets(await bindCondition(sql, { ...condition, negate: false }, bool), null)).toBe(
      expected,
    );
    expect(meets(await bindCondition(sql, { ...condition, negate: true }, bool), null)).toBe(
      !expected,
    );
  }
});

test("patterns are judged by Postgres", async () => {
  const { type } = columnOf(samples, "c_text");
  const cases: [Operator, string, string[], string[]][] = [
    ["like", "a_%", ["ab", "abc"], ["a", "AB"]],
    ["ilike", "a_%", ["ab", "ABC"], ["a"]],
    ["match", "^a+$", ["aa"], ["AA", "ab"]],
    ["imatch", "^a+$", ["aa", "AA"], ["ab"]],
    ["lt", "b", ["a", "B"], ["b", "ä"]],
  ];
  for (const [operator, value, yes, no] of cases) {
    const bound = await bindCondition(
      sql,
      { column: "c_text", operator, negate: false, values: [value] },
      type,
    );
    const met = await askCondition(sql, bound, [...yes, ...no], logger);
    expect([...met]).toEqual(yes.map((_, index) => index));
  }
});

const POLICIES = {
  "(select auth.uid()) = owner_id": "owner",
  "owner_id = (select auth.uid())": "owner",
  "auth.uid() = owner_id": "owner",
  "owner_id = auth.uid()": "owner",
  true: "everything",
  "owner_id = auth.uid() and size > 1": "database",
  "auth.uid() <> owner_id": "database",
  "owner_id = auth.uid() or other_id = auth.uid()": "database",
  "owner_id::text = (auth.jwt() ->> 'sub')": "database",
} as const;

describe.each(Object.entries(POLICIES))("policy %s", (using, kind) => {
  const name = `secured_${Object.keys(POLICIES).indexOf(using)}`;
  test(`is read as ${kind} and agrees with the database`, async () => {
    await db.sql.unsafe(`
      create table ${name} (id uuid primary key, owner_id uuid, other_id uuid, size int);
      alter table ${name} enable row level security;
      create policy p on ${name} for select to authenticated using (${using});
      alter publication supabase_realtime add table ${name};
    `);
    await expectAgreement(name, kind);
  });
});

test("several owners' policies are one rule, and a restrictive policy is none", async () => {
  await db.sql.unsafe(`
    create table shared (id uuid primary key, owner_id uuid, other_id uuid, size int);
    alter table shared enable row level security;
    create policy a on shared for select to authenticated using (owner_id = (select auth.uid()));
    create policy b on shared for all to public using (other_id = (select auth.uid()));
    create policy c on shared for update to authenticated using (true);
    create policy d on shared for select to service_role using (true);
    alter publication supabase_realtime add table shared;
  `);
  await expectAgreement("shared", "owner");
  await db.sql`create policy e on shared as restrictive for select to authenticated using (size > 1)`;
  await expectAgreement("shared", "database");
});

test("a column that is no uuid is left to Postgres", async () => {
  await db.sql.unsafe(`
    create table by_text (id uuid primary key, owner_id text, other_id uuid, size int);
    alter table by_text enable row level security;
    create policy p on by_text for select to authenticated using (owner_id = (auth.uid())::text);
    alter publication supabase_realtime add table by_text;
  `);
  const access = await catalog.access(await lookUp("by_text"), "authenticated");
  expect(access.rule.kind).toBe("database");
});

test("an auth.uid() that is not the sub claim is not trusted", async () => {
  const table = await lookUp("shared");
  await db.sql`drop policy if exists e on shared`;
  catalog.clear();
  expect((await catalog.access(table, "authenticated")).rule.kind).toBe("owner");
  const superuser = new URL(db.url);
  superuser.username = SUPERUSER;
  const admin = postgres(superuser.href, { max: 1, onnotice() {} });
  await admin`
    create or replace function auth.uid() returns uuid language sql stable set search_path = ''
    as $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'acting_for')::uuid $$
  `.finally(() => admin.end());
  catalog.clear();
  expect((await catalog.access(table, "authenticated")).rule.kind).toBe("database");
});

/** Tries rows of every kind as users of every kind, by the rule and by the database. */
async function expectAgreement(name: string, kind: string): Promise<void> {
  const table = await lookUp(name);
  const { rule } = await catalog.access(table, "authenticated");
  expect(rule.kind).toBe(kind);
  const users = ["0a000000-0000-4000-8000-00000000000a", "0b000000-0000-4000-8000-00000000000b"];
  const owner = fc.constantFrom(...users, null);
  const row = fc.record({
    id: fc.uuid(),
    owner_id: owner,
    other_id: owner,
    size: fc.constantFrom(0, 2, null),
  });
  const subject = fc.constantFrom<unknown>(
    ...users,
    users[0]?.toUpperCase(),
    "",
    null,
    undefined,
    "nobody",
    7,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), subject, async (rows, sub) => {
      const inserted = rows.map((each, index) => ({
        ...each,
        id: `${each.id.slice(0, 24)}${index.toString(16).padStart(12, "0")}`,
      }));
      await db.sql`truncate ${db.sql(name)}`;
      await db.sql`insert into ${db.sql(name)} ${db.sql(inserted)}`;
      const claims = { role: "authenticated", ...(sub === undefined ? {} : { sub }) };
      const keys = inserted.map((each) => [each.id]);
      const [visible] = await askVisibility(sql, [{ table, claims, keys }], logger);
      for (const [place, { size, ...each }] of inserted.entries()) {
        const local = isVisible(rule, { ...each, size: size === null ? null : String(size) }, sub);
        if (local !== undefined)
          expect({ each, sub, local }).toEqual({ each, sub, local: visible?.has(place) });
      }
    }),
    { numRuns: 30 },
  );
}
