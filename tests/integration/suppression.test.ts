import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { upload } from "./campaign-harness.ts";
import { startInstantly } from "./instantly-account.ts";
import { type JobUser, newSession, startMainJob, untilIdle } from "./main-job-harness.ts";

const account = await startInstantly();
const job = await startMainJob({ env: account.env });
const { sql } = job;

afterEach(() => {
  account.refuse = () => undefined;
  account.answering = () => undefined;
  account.campaigns.length = 0;
});

/** Addresses by their company's domain; the last two are found by no company but stand in a list. */
const FOUND = [
  ["a@one.example", "one.example"],
  ["b@mail.two.example", "two.example"],
  ["c@freemail.example", "two.example"],
  ["d@three.example", "three.example"],
] as const;
const LISTED = ["e@one.example", "f@four.example"];
const EVERYBODY = [...FOUND.map(([email]) => email), ...LISTED];
const DOMAINS = ["one.example", "two.example", "freemail.example", "four.example"];

interface List {
  readonly emails: readonly string[];
  readonly domains: readonly string[];
}
const isForbidden = ({ emails, domains }: List, email: string): boolean => {
  const company = FOUND.find(([found]) => found === email)?.[1];
  return (
    emails.includes(email) ||
    domains.some(
      (domain) =>
        email.endsWith(`@${domain}`) || email.endsWith(`.${domain}`) || company === domain,
    )
  );
};

/** A new user with a session in which everybody of FOUND was found. */
async function newWorld() {
  const user = await job.signUp();
  const session_id = await newSession(user);
  await sql.begin(async (transaction) => {
    for (const [email, domain] of FOUND) {
      await transaction`
        with company as (
          insert into public.companies (owner_id, name, normalised_name, domain)
          values (${user.id}, ${domain}, ${domain}, ${domain})
          on conflict (owner_id, domain) where domain is not null do update set name = excluded.name returning id
        )
        insert into public.contacts (owner_id, company_id, kind, email, email_status, value_key, provider, confidence)
        select ${user.id}, id, 'email', ${email}, 'found', ${`email:${email}`}, 'website', 1 from company`;
    }
    await transaction`select otis.lock_sessions(array[${session_id}]::uuid[])`;
    await transaction`
      select otis.show_companies(${session_id}, array(select id from public.companies where owner_id = ${user.id}))`;
    await transaction`update public.session_companies set selected = true where session_id = ${session_id}`;
  });
  return { user, session_id, campaign_id: "" };
}
type World = Awaited<ReturnType<typeof newWorld>>;

/** What may happen on the way out. Each may be refused, as it is when it makes no sense at that moment. */
const STEPS = {
  async create(world: World) {
    if (world.campaign_id !== "") return;
    const { session_id } = world;
    const made = await world.user.call("create_campaign", {
      session_id,
      name: randomUUID(),
      channel: "instantly",
      texts: { personal_line: "Hi." },
    });
    world.campaign_id = made.campaign_id;
  },
  async add({ user, campaign_id }: World) {
    await user.client.rpc("add_leads", { p_campaign_id: campaign_id, p_per_company: 10 });
  },
  async import({ user, campaign_id }: World) {
    const upload_id = await upload(
      user,
      "list.csv",
      ["email", ...LISTED, "a@one.example"].join("\n"),
    );
    await maybe(user, "import_leads", { campaign_id, upload_id });
  },
  prepare: ({ user, campaign_id }: World) => maybe(user, "prepare_campaign", { campaign_id }),
  push: ({ user, campaign_id }: World) => maybe(user, "push_campaign", { campaign_id }),
  activate: ({ user, campaign_id }: World) => maybe(user, "activate_campaign", { campaign_id }),
  analytics: ({ user, campaign_id }: World) => maybe(user, "refresh_analytics", { campaign_id }),
  retry: ({ user, campaign_id }: World) =>
    maybe(user, "retry", { target: "campaign", id: campaign_id }),
  async include({ user, campaign_id }: World) {
    const leads = await sql<{ id: string }[]>`
      select id from public.campaign_leads where campaign_id = ${campaign_id}`;
    const lead_ids = leads.map(({ id }) => id);
    await maybe(user, "include_leads", { campaign_id, lead_ids, included: true });
  },
};
type Step = keyof typeof STEPS;

async function maybe(user: JobUser, action: string, data: unknown): Promise<void> {
  const response = await user.post({ action, data }, { "idempotency-key": randomUUID() });
  if (response.status >= 500) throw new Error(`${action}: ${await response.text()}`);
  await response.body?.cancel();
}

async function take(world: World, step: Step): Promise<void> {
  await STEPS[step](world);
  await untilIdle(job, world.session_id);
}

const addedTo = (from: number) =>
  account.requests
    .slice(from)
    .filter(({ url }) => url.pathname.endsWith("/leads/add"))
    .flatMap(({ body }) => (body as { leads: { email: string }[] }).leads)
    .map(({ email }) => email);

const list = fc
  .record({ emails: fc.subarray(EVERYBODY), domains: fc.subarray(DOMAINS) })
  .filter(({ emails, domains }) => emails.length + domains.length > 0);
const steps = fc.array(
  fc.constantFrom<Step>(
    "add",
    "import",
    "prepare",
    "push",
    "activate",
    "analytics",
    "retry",
    "include",
  ),
  { maxLength: 4 },
);
const WAY_OUT: readonly Step[] = ["create", "add", "import", "prepare", "push", "activate"];

test("nobody on the list gets out by any path, whenever she was put there", async () => {
  await fc.assert(
    fc.asyncProperty(
      list,
      fc.nat(WAY_OUT.length),
      fc.boolean(),
      steps,
      async (listed, at, during, after) => {
        const world = await newWorld();
        account.campaigns.length = 0;
        const suppress = () =>
          world.user.call("suppress", { emails: [...listed.emails], domains: [...listed.domains] });
        let from = 0;
        const midway = async () => {
          account.answering = () => undefined;
          await suppress();
          from = account.requests.length;
        };
        for (const [index, step] of WAY_OUT.entries()) {
          if (index === at && !during) await midway();
          // Or in the very middle of that step, once something of it has reached Instantly.
          if (index === at && during) account.answering = () => midway();
          await take(world, step);
        }
        if (from === 0) await midway();
        for (const step of [...after, "prepare", "push", "activate"] as const)
          await take(world, step);

        const forbidden = EVERYBODY.filter((email) => isForbidden(listed, email));
        const allowed = EVERYBODY.filter((email) => !isForbidden(listed, email));
        const named = (text: string, emails: readonly string[]) =>
          emails.filter((email) => text.includes(email));
        expect(named(addedTo(from).join(), forbidden)).toEqual([]);
        const { user, session_id, campaign_id } = world;
        const leads = await user.exported({ what: "leads", campaign_id });
        const contacts = await user.exported({ what: "contacts", session_id });
        expect(named(leads + contacts, forbidden)).toEqual([]);
        const atInstantly = () =>
          account.campaigns.flatMap((campaign) => [...campaign.leads.keys()]).sort();
        await expect
          .poll(() => named(atInstantly().join(), forbidden), { timeout: 15_000 })
          .toEqual([]);
        // The others are not held back with them.
        expect(atInstantly()).toEqual([...allowed].sort());
        expect(named(contacts, allowed)).toEqual(
          FOUND.map(([email]) => email).filter((email) => allowed.includes(email)),
        );
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});

test("who is suppressed while her page is lost with its worker is taken out before the campaign starts", async () => {
  const world = await newWorld();
  for (const step of ["create", "add", "prepare"] as const) await take(world, step);
  const from = account.requests.length;
  let killed: Promise<void> | undefined;
  account.answering = (call) => {
    if (call !== "add" || killed !== undefined) return undefined;
    killed = job.killFunctions();
    return null;
  };
  await STEPS.push(world);
  await expect.poll(() => killed !== undefined, { timeout: 10_000 }).toBe(true);
  await world.user.call("suppress", { emails: ["a@one.example"] });
  await killed;
  // Instantly had taken her; she is out again now or at the latest before the campaign starts.
  expect(addedTo(from)).toContain("a@one.example");
  await untilIdle(job, world.session_id);
  await take(world, "activate");
  expect(account.campaigns[0]).toMatchObject({ active: true });
  expect([...(account.campaigns[0]?.leads.keys() ?? [])].sort()).toEqual([
    "b@mail.two.example",
    "c@freemail.example",
    "d@three.example",
  ]);
});

test("who asks to be forgotten leaves Instantly, too", async () => {
  const world = await newWorld();
  for (const step of ["create", "add", "prepare", "push", "activate"] as const)
    await take(world, step);
  expect(account.campaigns[0]?.leads.has("d@three.example")).toBe(true);
  account.refuse = (call) => (call === "remove" ? { status: 503, body: "maintenance" } : undefined);
  await world.user.call("erase_person", { email: "d@three.example" });
  // While Instantly is away a worker is called for again and again, though the queue is empty.
  const waits = async () => (await sql`select otis.chores_wait() as yes`)[0]?.yes;
  await expect.poll(() => account.requests.at(-1)?.method, { timeout: 15_000 }).toBe("DELETE");
  expect(await waits()).toBe(true);
  account.refuse = () => undefined;
  await sql`select otis.wake_workers()`;
  await expect.poll(waits, { timeout: 15_000 }).toBe(false);
  await expect
    .poll(() => account.campaigns[0]?.leads.has("d@three.example"), { timeout: 15_000 })
    .toBe(false);
  const { session_id, campaign_id } = world;
  const files =
    (await world.user.exported({ what: "leads", campaign_id })) +
    (await world.user.exported({ what: "contacts", session_id }));
  expect(files).not.toContain("d@three");
  expect(files).toContain("a@one.example");
});
