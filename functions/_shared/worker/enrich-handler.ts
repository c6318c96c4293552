import type { Sql } from "postgres";
import * as z from "zod/mini";
import { waterfallStep } from "../contract/workflow.ts";
import type {
  FoundContact,
  FoundFact,
  Have,
  Provider,
  ProviderName,
  ProviderResult,
  Subject,
} from "../providers/provider.ts";
import type { Till } from "../providers/till.ts";
import { DEFAULT_WATERFALL, nextStep } from "../providers/waterfall.ts";
import type { JsonObject, StepOutcome, WorkItem } from "../queue/queue.ts";
import type { Handler, HandlerContext } from "./handler.ts";

/** What `otis.load_work` says of an enrichment. */
const task = z.object({
  providers: z.array(waterfallStep),
  ceiling_left: z.number(),
  company: z.object({
    name: z.string(),
    domain: z.nullable(z.string()),
    website_url: z.nullable(z.string()),
  }),
  has: z.object({ email: z.boolean(), phone: z.boolean(), person: z.boolean() }),
});

/** Where the waterfall goes on, and how it has gone so far. */
const checkpoint = z.object({
  from: z.number(),
  asked: z.number(),
  trouble: z.nullable(z.object({ code: z.string(), message: z.string() })),
});
type Checkpoint = z.infer<typeof checkpoint>;
const START: Checkpoint = { from: 0, asked: 0, trouble: null };

export interface EnrichSettings {
  sql: Sql;
  providers: ReadonlyMap<ProviderName, Provider>;
  till: (item: WorkItem) => Till;
}

/**
 * Enrichment: one provider of the waterfall is one step, so that what it found is committed before the next is asked, and
 * the next condition looks at what is really known. A provider that fails for good is passed over; the company has failed
 * only if none could be asked.
 */
export function createEnrichHandler(settings: EnrichSettings): Handler {
  return {
    kind: "enrich",
    async run(item, context) {
      const { providers, ceiling_left, company, has } = await loadTask(settings.sql, item);
      const state = checkpoint.safeParse(item.payload.checkpoint).data ?? START;
      const subject = { name: company.name, domain: company.domain, website: company.website_url };
      const steps = providers.length > 0 ? providers : DEFAULT_WATERFALL;
      const have: Have = {
        emails: Number(has.email),
        phones: Number(has.phone),
        people: Number(has.person),
      };
      const step = nextStep(steps, state.from, subject, have, settings.providers, ceiling_left);
      for (const { provider, reason } of step.skipped) {
        context.log("debug", `${company.name}: ${provider} was not asked, since ${reason}.`);
      }
      if (step.kind === "done") return ended(state, step.skipped);
      const asked = await ask(step.provider, subject, step.maxCost, item, context, settings);
      const next = {
        from: step.index + 1,
        asked: state.asked + (asked.trouble ? 0 : 1),
        trouble: asked.trouble ?? asked.note ?? state.trouble,
      };
      // The last provider's step ends the item: no empty step after it.
      const left = nextStep(steps, next.from, subject, have, settings.providers, ceiling_left);
      const last = left.kind === "done" && steps.length <= next.from;
      return last
        ? { effect: { ...asked.effect, ...ended(next, []).effect } }
        : {
            effect: asked.effect,
            next: {
              checkpoint: next,
              ...(left.kind === "run" && { provider: left.provider.name }),
            },
          };
    },
  };
}

async function loadTask(sql: Sql, item: WorkItem) {
  const [row] = await sql<
    { task: unknown }[]
  >`select task from otis.load_work(array[${item.id}]::uuid[])`;
  return task.parse(row?.task);
}

function ended(
  { asked, trouble }: Checkpoint,
  skipped: readonly { reason: string }[],
): StepOutcome {
  if (asked > 0) return { effect: { outcome: "completed", message: trouble?.message ?? null } };
  const reason = trouble ?? {
    code: "nobody_to_ask",
    message: `No provider could be asked: ${skipped.map((step) => step.reason).join("; ") || "none is set up"}.`,
  };
  return { effect: { outcome: "failed", error_code: reason.code, message: reason.message } };
}

interface Asked {
  effect: JsonObject;
  trouble: Checkpoint["trouble"];
  /** What went wrong without ending it, for the company's row. */
  note: Checkpoint["trouble"];
}

/** Runs one provider. What may pass is thrown to the queue; what is final, or has been tried enough, is trouble. */
async function ask(
  provider: Provider,
  subject: Subject,
  maxCost: number,
  item: WorkItem,
  context: HandlerContext,
  settings: EnrichSettings,
): Promise<Asked> {
  try {
    const result = await provider.run(subject, {
      fetch: context.fetch,
      signal: context.signal,
      clock: context.clock,
      till: settings.till(item),
      progress: (step) => context.progress({ step }),
      maxCost,
    });
    for (const note of result.notes) context.log("warning", `${subject.name}: ${note}`);
    const [note] = result.notes;
    return {
      effect: toEffect(provider.name, result),
      trouble: null,
      note: note === undefined ? null : { code: "incomplete", message: note },
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const trouble = finalTrouble(error, item.attempts >= item.maxAttempts);
    if (!trouble) throw error;
    context.log("warning", `${subject.name}: ${trouble.message}`);
    const effect = { provider: provider.name, step: trouble.message.slice(0, 120) };
    return { effect, trouble, note: null };
  }
}

function finalTrouble(error: unknown, triedEnough: boolean): Checkpoint["trouble"] {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string")
    return null;
  const final = "retryable" in error && error.retryable === false;
  return final || triedEnough
    ? { code: error.code.slice(0, 60), message: error.message.slice(0, 300) }
    : null;
}

/** Facts that `companies` has a column for. */
const COLUMNS = [
  "name",
  "description",
  "industry",
  "address",
  "city",
  "country",
  "website_url",
  "logo_url",
] as const;

function toEffect(provider: ProviderName, { facts, contacts }: ProviderResult): JsonObject {
  const best = (key: string) =>
    facts.filter((fact) => fact.key === key).sort((a, b) => b.confidence - a.confidence)[0]?.value;
  const company: JsonObject = {};
  for (const column of COLUMNS) {
    const value = best(column);
    if (value !== undefined) company[column] = value;
  }
  const employees = Number(best("employees"));
  if (Number.isInteger(employees) && employees > 0) company.employees = employees;
  return {
    provider,
    step: `asked ${provider}`,
    company,
    facts: facts.map(factRow),
    contacts: contacts.map(contactRow),
  };
}

const factRow = (fact: FoundFact): JsonObject => ({
  key: fact.key,
  value: fact.value,
  provider: fact.provider,
  source_url: fact.sourceUrl,
  method: fact.method,
  confidence: fact.confidence,
  cost: fact.cost,
  found_at: fact.foundAt,
});

const contactRow = (contact: FoundContact): JsonObject => ({
  kind: contact.kind,
  full_name: contact.fullName,
  role: contact.role,
  email: contact.email,
  email_status: contact.emailStatus,
  phone: contact.phone,
  linkedin_url: contact.linkedinUrl,
  provider: contact.provider,
  source_url: contact.sourceUrl,
  method: contact.method,
  confidence: contact.confidence,
  cost: contact.cost,
  found_at: contact.foundAt,
});
