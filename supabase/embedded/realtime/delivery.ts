import type { Sql } from "postgres";
import { askVisibility, type VisibilityQuestion } from "./authorise.ts";
import type { Access, Table } from "./catalog.ts";
import { type Change, encodeChange, encodeProblem, filteredRow } from "./change.ts";
import { type ColumnCondition, meets } from "./filter.ts";
import { askCondition } from "./filter-query.ts";
import { convertRareValues } from "./json-query.ts";
import type { Logger } from "./logger.ts";
import { changeEnvelope } from "./protocol.ts";
import { isVisible } from "./row-rule.ts";
import {
  type Placement,
  type Subscriber,
  type SubscriptionIndex,
  tableKey,
} from "./subscriptions.ts";
import type { TableStates } from "./table-states.ts";
import type { VisibilityHorizon } from "./visibility-horizon.ts";

export interface DeliveryParts {
  readonly sql: Sql;
  readonly index: SubscriptionIndex;
  readonly states: TableStates;
  readonly horizon: VisibilityHorizon;
  readonly logger: Logger;
  /** Called in the middle of bursts; gives sockets the time to pass on what they were given. */
  breathe(): Promise<void>;
}

/** Bytes of frames after which to breathe, so that a burst is not taken for a client that does not read. */
const BURST_BYTES = 128 * 1024;

/** A change that may be for a subscription. */
interface Candidate {
  readonly change: Change;
  readonly table: Table;
  readonly access: Access;
  readonly placement: Placement;
  /** Set when the subscriber cannot be shown changes of this table at all. */
  readonly problem: string | undefined;
}

/**
 * Brings changes to those who asked for them and may see them. What can be told from the row is; the rest
 * is asked of Postgres, once for all the changes given. Changes arrive in their order.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  #burst = 0;
  /** Messages sent so far. */
  sent = 0;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Rejects when Postgres cannot be asked; some of the changes may have been sent then. */
  async deliver(changes: readonly Change[]): Promise<void> {
    const { index, horizon, sql } = this.#parts;
    const heeded = changes.filter((change) => index.has(tableKey(change.relation)));
    if (heeded.length === 0) return;
    // What is told can be read, and what the catalogue says is not older than the change.
    await horizon.settled();
    const concerned = await this.#find(heeded);
    const matching = await this.#filter(concerned);
    const visible = await this.#authorise(matching);
    const converted = await convertRareValues(sql, visible);
    for (const [change, candidates] of Map.groupBy(visible, (each) => each.change)) {
      this.#send(change, candidates, converted);
      if (this.#burst < BURST_BYTES) continue;
      this.#burst = 0;
      await this.#parts.breathe();
    }
  }

  /** Everybody who listens to the table and the event, but for those whose filter names another value. */
  async #find(changes: readonly Change[]): Promise<Candidate[]> {
    const { index, states } = this.#parts;
    const found: Candidate[] = [];
    for (const change of changes) {
      const key = tableKey(change.relation);
      const state = states.known(change.relation) ?? (await states.load(change.relation));
      if (!state) continue;
      const { table } = state;
      for (const placement of [...index.candidates(key, filteredRow(change))]) {
        const { request, subscriber } = placement.subscription;
        if (request.event !== "*" && request.event !== change.type) continue;
        const { role } = subscriber.claims;
        const access = state.access.get(role) ?? (await states.access(state, role));
        found.push({
          change,
          table,
          access,
          placement,
          problem: findProblem(change, table, access),
        });
      }
    }
    return found;
  }

  async #filter(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const refused = new Set<Candidate>();
    const open = new Map<
      string,
      { condition: ColumnCondition; asked: Candidate[]; values: string[] }
    >();
    for (const candidate of candidates) {
      if (candidate.problem !== undefined) continue;
      const row = filteredRow(candidate.change);
      for (const condition of candidate.placement.conditions) {
        const value = row[condition.column];
        const readable = candidate.access.selectable.has(condition.column);
        const met = value === undefined || !readable ? false : meets(condition, value);
        if (met === false) refused.add(candidate);
        if (met !== undefined || typeof value !== "string") continue;
        const { type, operator, negate, canonical } = condition;
        const key = JSON.stringify([type.oid, operator, negate, canonical]);
        const question = open.get(key) ?? { condition, asked: [], values: [] };
        open.set(key, question);
        question.asked.push(candidate);
        question.values.push(value);
      }
    }
    for (const { condition, asked, values } of open.values()) {
      const met = await askCondition(this.#parts.sql, condition, values, this.#parts.logger);
      for (const [place, candidate] of asked.entries()) if (!met.has(place)) refused.add(candidate);
    }
    return refused.size === 0 ? candidates : candidates.filter((each) => !refused.has(each));
  }

  async #authorise(candidates: readonly Candidate[]): Promise<readonly Candidate[]> {
    const { sql, logger } = this.#parts;
    const refused = new Set<Candidate>();
    const open = new Map<
      string,
      { question: VisibilityQuestion; keys: string[][]; asked: Candidate[] }
    >();
    for (const candidate of candidates) {
      const { change, table, access, placement, problem } = candidate;
      if (problem !== undefined) continue;
      const { claims } = placement.subscription.subscriber;
      const shown = isVisible(access.rule, filteredRow(change), claims.sub);
      if (shown === false) refused.add(candidate);
      // As on Supabase, a DELETE is shown (by its key only) unless the old row says otherwise.
      if (shown !== undefined || change.type === "DELETE") continue;
      const id = `${table.oid} ${JSON.stringify(claims)}`;
      const keys: string[][] = [];
      const group = open.get(id) ?? { question: { table, claims, keys }, keys, asked: [] };
      open.set(id, group);
      group.keys.push(table.key.map((name) => change.record[name] ?? change.old[name] ?? ""));
      group.asked.push(candidate);
    }
    if (open.size > 0) {
      const groups = [...open.values()];
      const answers = await askVisibility(
        sql,
        groups.map((each) => each.question),
        logger,
      );
      for (const [place, { asked }] of groups.entries()) {
        for (const [row, candidate] of asked.entries()) {
          if (!answers[place]?.has(row)) refused.add(candidate);
        }
      }
    }
    return refused.size === 0 ? candidates : candidates.filter((each) => !refused.has(each));
  }

  /** One frame a channel and kind of data; equal data is encoded once, equal frames are the same bytes. */
  #send(
    change: Change,
    candidates: readonly Candidate[],
    converted: ReadonlyMap<string, string>,
  ): void {
    const data = new Map<string, string>();
    const frames = new Map<string, Buffer>();
    const addressed = new Map<Subscriber, Map<string, Set<number>>>();
    for (const { table, access, placement, problem } of candidates) {
      const { subscriber, request, id } = placement.subscription;
      const kind = problem ?? `${subscriber.claims.role} ${request.select ?? "*"}`;
      if (!data.has(kind)) {
        const text =
          problem === undefined
            ? encodeChange(change, table, access, request.select, converted)
            : encodeProblem(change, problem);
        data.set(kind, text);
      }
      const kinds = addressed.get(subscriber) ?? new Map<string, Set<number>>();
      addressed.set(subscriber, kinds);
      kinds.set(kind, (kinds.get(kind) ?? new Set()).add(id));
    }
    for (const [subscriber, kinds] of addressed) {
      for (const [kind, ids] of kinds) {
        const { head, tail } = changeEnvelope(subscriber.version, subscriber.topic, [...ids]);
        const name = `${kind}\n${head}`;
        let frame = frames.get(name);
        if (!frame) {
          frame = Buffer.from(`${head}${data.get(kind)}${tail}`);
          frames.set(name, frame);
          this.#burst += frame.length;
        }
        subscriber.send(frame);
        this.sent += 1;
      }
    }
  }
}

function findProblem(change: Change, table: Table, access: Access): string | undefined {
  if (change.type === "DELETE") return undefined;
  if (table.key.length === 0) return "Error 400: Bad Request, no primary key";
  if (table.key.some((name) => !access.selectable.has(name))) return "Error 401: Unauthorized";
  return undefined;
}
