import type * as z from "zod/mini";
import type { VendorSettings } from "../../vendors/vendor-api.ts";
import { VendorError } from "../../vendors/vendor-error.ts";
import {
  emptyResult,
  type FoundContact,
  type FoundFact,
  type Provider,
  type ProviderContext,
  ProviderError,
  type ProviderResult,
} from "../provider.ts";
import { buy, type Json, type Purchase } from "../till.ts";
import {
  type ApolloMatch,
  type ApolloOrganisation,
  enrichOrganisation,
  keptMatches,
  keptOrganisation,
  MATCH_SIZE,
  matchPeople,
  searchPeople,
} from "./apollo-client.ts";

export interface ApolloOptions {
  /** People of one company whose address is bought at most; the API takes 10 in one call. */
  people?: number;
  /** Roles that are looked for. */
  titles?: readonly string[];
}

/** Who decides on hiring in a small company, in the languages that OTIS reads. */
const TITLES =
  "owner,founder,managing director,ceo,hr manager,recruiter,talent acquisition,eigenaar,directeur,personeelszaken,geschäftsführer,inhaber,personalleiter,zaakvoerder,gérant".split(
    ",",
  );

const DEFAULT_PEOPLE = 3;

/** A paid call is heard to its end, whatever the user cancels: only so is it known what was bought. */
const UNTIL_ITS_END = new AbortController().signal;

/** Apollo: first people with their addresses, which is what users pay for, then facts of the company. */
export function apolloProvider(settings: VendorSettings, options: ApolloOptions = {}): Provider {
  const people = Math.min(options.people ?? DEFAULT_PEOPLE, MATCH_SIZE);
  return {
    name: "apollo",
    cannot: ({ domain }) => (domain === null ? "its domain is not known" : null),
    cost: () => people + 1,
    async run({ domain }, context) {
      if (domain === null) return emptyResult();
      const run = new ApolloRun(domain, settings, context);
      await run.buyPeople(Math.min(people, Math.floor(context.maxCost)), options.titles ?? TITLES);
      await run.buyOrganisation();
      return run.result;
    },
  };
}

class ApolloRun {
  readonly result: ProviderResult = emptyResult();
  readonly #domain: string;
  readonly #settings: VendorSettings;
  readonly #context: ProviderContext;
  readonly #foundAt: string;

  constructor(domain: string, settings: VendorSettings, context: ProviderContext) {
    this.#domain = domain;
    this.#settings = settings;
    this.#context = context;
    this.#foundAt = new Date(context.clock.now()).toISOString();
  }

  async buyPeople(limit: number, titles: readonly string[]): Promise<void> {
    if (limit < 1) return;
    const { signal, progress } = this.#context;
    progress("looking for people");
    const ids = (await searchPeople(this.#settings, this.#domain, titles, signal)).slice(0, limit);
    if (ids.length === 0) return;
    signal.throwIfAborted();
    progress(`asking for ${ids.length} addresses`);
    // The key names the company, not the ids: the free search may answer others at the next attempt.
    const bought = await this.#buy(
      { provider: "apollo", key: `people/bulk_match:${this.#domain}`, credits: ids.length },
      keptMatches,
      async () => {
        const { matches, credits } = await matchPeople(this.#settings, ids, UNTIL_ITS_END);
        return { answer: asJson(matches), credits };
      },
    );
    for (const [index, person] of (bought?.value ?? []).entries()) {
      this.#addPerson(person, index === 0 ? (bought?.credits ?? 0) : 0);
    }
  }

  async buyOrganisation(): Promise<void> {
    if (this.#context.maxCost - this.result.cost < 1) return;
    this.#context.signal.throwIfAborted();
    this.#context.progress("asking for company facts");
    const bought = await this.#buy(
      { provider: "apollo", key: `organizations/enrich:${this.#domain}`, credits: 1 },
      keptOrganisation,
      async () => ({
        answer: asJson(await enrichOrganisation(this.#settings, this.#domain, UNTIL_ITS_END)),
        credits: 1,
      }),
    );
    if (bought?.value) this.#addFacts(bought.value, bought.credits);
  }

  /** Null where nothing was had; the reason is among the result's notes. */
  async #buy<T extends z.ZodMiniType>(
    purchase: Purchase,
    kept: T,
    call: () => Promise<{ answer: Json; credits: number }>,
  ): Promise<{ value: z.output<T>; credits: number } | null> {
    const bought = await buy(this.#context.till, purchase, call, mayHaveCharged);
    switch (bought.kind) {
      case "busy":
        throw new ProviderError("in_use", "Apollo", { retryAfterSeconds: 10 });
      case "refused":
        throw new ProviderError("ceiling_reached", "Apollo");
      case "lost":
        this.result.notes.push(
          "A paid request to Apollo broke off. It counts as paid and was not repeated. Retry this company to ask, and pay, again.",
        );
        return null;
      case "answer": {
        this.result.cost += bought.credits;
        this.result.saved += bought.saved;
        const read = kept.safeParse(bought.answer);
        return read.success ? { value: read.data, credits: bought.credits } : null;
      }
    }
  }

  #addPerson(person: ApolloMatch, cost: number): void {
    const fullName = person.name ?? [person.first_name, person.last_name].filter(Boolean).join(" ");
    if (fullName === "") return;
    const email = person.email?.toLowerCase() ?? null;
    const emailStatus = email === null ? null : statusOf(person.email_status);
    this.result.contacts.push({
      kind: "person",
      fullName,
      role: person.title ?? null,
      email,
      emailStatus,
      phone: null,
      linkedinUrl: person.linkedin_url ?? null,
      ...this.#provenance(
        emailStatus === "verified" ? 0.95 : emailStatus === "guessed" ? 0.5 : 0.8,
        cost,
      ),
    });
  }

  #addFacts(organisation: ApolloOrganisation, credits: number): void {
    const values: [string, string | number | null | undefined][] = [
      ["name", organisation.name],
      ["industry", organisation.industry],
      ["employees", organisation.estimated_num_employees],
      ["revenue", organisation.annual_revenue],
      ["founded", organisation.founded_year],
      ["city", organisation.city],
      ["country_name", organisation.country],
      ["social_linkedin", organisation.linkedin_url],
      ...(organisation.technology_names ?? [])
        .slice(0, 40)
        .map((name): [string, string] => ["technology", name]),
    ];
    const known = values.filter(
      ([, value]) => value !== null && value !== undefined && value !== "",
    );
    this.result.facts.push(
      ...known.map(
        ([key, value], index): FoundFact => ({
          key,
          value: String(value),
          ...this.#provenance(0.85, index === 0 ? credits : 0),
        }),
      ),
    );
  }

  #provenance(confidence: number, cost: number) {
    return {
      provider: "apollo" as const,
      sourceUrl: null,
      method: "api",
      confidence,
      cost,
      foundAt: this.#foundAt,
    };
  }
}

/** Apollo's own words for how sure it is. */
function statusOf(status: string | null | undefined): NonNullable<FoundContact["emailStatus"]> {
  if (status === "verified") return "verified";
  return status === "guessed" || status === "extrapolated" ? "guessed" : "found";
}

/**
 * Whether Apollo may have charged for a call that failed. A refusal (4xx, 503) costs nothing; a broken connection,
 * an unreadable answer or another server error leaves it open, and open counts as charged.
 */
function mayHaveCharged(cause: unknown): boolean {
  if (!(cause instanceof VendorError)) return true;
  if (cause.code === "no_key") return false;
  return cause.status === null || (cause.status >= 500 && cause.status !== 503);
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null));
}
