import type { Sql } from "postgres";
import type { Claims } from "./authorise.ts";
import type { Catalog, Table } from "./catalog.ts";
import type { ColumnCondition } from "./filter.ts";
import { bindCondition } from "./filter-query.ts";
import { FilterError } from "./filter-syntax.ts";
import { RequestError, type SubscriptionRequest } from "./subscription-request.ts";
import { type Subscription, type SubscriptionIndex, tableKey } from "./subscriptions.ts";

/** Where a request has been found to lead, before anything is changed. */
export interface Place {
  readonly key: string;
  readonly conditions: readonly ColumnCondition[];
}

/** Checks subscriptions against the database and keeps them bound to tables that change. */
export class Registrar {
  readonly #sql: Sql;
  readonly #catalog: Catalog;
  readonly #index: SubscriptionIndex;

  constructor(sql: Sql, catalog: Catalog, index: SubscriptionIndex) {
    this.#sql = sql;
    this.#catalog = catalog;
    this.#index = index;
  }

  /** Finds the tables that a request is about and binds its filter to them. Throws RequestError. */
  async check(request: SubscriptionRequest, claims: Claims): Promise<Place[]> {
    if (!(await this.#catalog.isAssumable(claims.role))) {
      throw new RequestError(
        `Unable to subscribe to changes: the role ${claims.role} cannot be taken.`,
      );
    }
    const tables = await this.#catalog.published(request.schema, request.table);
    if (tables.length === 0) {
      throw new RequestError(
        "Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the " +
          `given connect parameters: [${describe(request)}]`,
      );
    }
    return Promise.all(
      tables.map(async (table) => ({
        key: tableKey(table),
        conditions: await this.#bind(request, claims, table),
      })),
    );
  }

  /** Makes a checked subscription receive changes, in place of what it was before. */
  place(subscription: Subscription, places: readonly Place[]): void {
    this.#index.remove(subscription);
    for (const { key, conditions } of places) this.#index.place(key, { subscription, conditions });
  }

  /** Binds subscriptions anew where a table has changed, or has appeared. Those that no longer fit are told. */
  async refresh(table: Table): Promise<void> {
    const key = tableKey(table);
    const placed = new Set<Subscription>();
    const unfit: Subscription[] = [];
    for (const { subscription, conditions } of this.#index.of(key)) {
      placed.add(subscription);
      const fits = conditions.every(({ column, type }) =>
        table.columns.some((each) => each.name === column && each.type.oid === type.oid),
      );
      const selects = subscription.request.select ?? [];
      const offered = selects.every((name) => table.columns.some((each) => each.name === name));
      if (!fits || !offered) unfit.push(subscription);
    }
    const joined = [...this.#index.wildcards()].filter(
      ({ request }) =>
        (request.schema === "*" || request.schema === table.schema) &&
        (request.table === "*" || request.table === table.name),
    );
    for (const subscription of [...unfit, ...joined.filter((each) => !placed.has(each))]) {
      await this.#rebind(subscription, key, table);
    }
  }

  async #rebind(subscription: Subscription, key: string, table: Table): Promise<void> {
    const { request, subscriber } = subscription;
    try {
      const conditions = await this.#bind(request, subscriber.claims, table);
      this.#index.place(key, { subscription, conditions });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#index.displace(key, subscription);
      subscriber.reject(error.message);
    }
  }

  async #bind(
    request: SubscriptionRequest,
    { role }: Claims,
    table: Table,
  ): Promise<ColumnCondition[]> {
    const { conditions, select = [] } = request;
    if (conditions.length === 0 && select.length === 0) return [];
    const { selectable } = await this.#catalog.access(table, role);
    const refuse = (reason: string, cause?: unknown) =>
      new RequestError(
        "Unable to subscribe to changes with given parameters. An exception happened so please check your " +
          `connect parameters: [${describe(request)}]. Exception: ${reason}`,
        { cause },
      );
    const unknown = select.find((name) => !selectable.has(name));
    if (unknown !== undefined) throw refuse(`invalid column for select ${unknown}`);
    return Promise.all(
      conditions.map((condition) => {
        const column = table.columns.find(({ name }) => name === condition.column);
        if (!column || !selectable.has(condition.column)) {
          throw refuse(`invalid column for filter ${condition.column}`);
        }
        return bindCondition(this.#sql, condition, column.type).catch((cause: unknown) => {
          throw cause instanceof FilterError ? refuse(cause.message, cause) : cause;
        });
      }),
    );
  }
}

function describe({ event, schema, table, conditions, select }: SubscriptionRequest): string {
  const filters = conditions.map(
    ({ column, operator, negate, values }) =>
      `${column}=${negate ? "not." : ""}${operator}.${values.join(",")}`,
  );
  const selected = select ? `, select: [${select.join(", ")}]` : "";
  return `event: ${event}, schema: ${schema}, table: ${table}, filters: [${filters.join(", ")}]${selected}`;
}
