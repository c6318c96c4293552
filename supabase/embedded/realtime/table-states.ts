import type { Pgoutput } from "pg-logical-replication";
import type { Access, Catalog, Table } from "./catalog.ts";
import type { Registrar } from "./registrar.ts";

/** What is known of a table at a point of the stream. */
export interface TableState {
  readonly table: Table;
  readonly access: Map<string, Access>;
  /** Monotonic milliseconds. */
  readonly loadedAt: number;
}

/**
 * Changes of tables, policies and grants announce themselves by a relation message before the next row.
 * Changes of roles and functions do not; they take effect after this time.
 */
const LIFETIME_MS = 60_000;

/** The tables of the stream, looked up when their first row comes and again when they have changed. */
export class TableStates {
  readonly #catalog: Catalog;
  readonly #registrar: Registrar;
  readonly #states = new Map<number, TableState>();

  constructor(catalog: Catalog, registrar: Registrar) {
    this.#catalog = catalog;
    this.#registrar = registrar;
  }

  /** The table is another from here on. */
  forget(oid: number): void {
    this.#states.delete(oid);
  }

  clear(): void {
    this.#states.clear();
    this.#catalog.clear();
  }

  /** What is known already, which is all but the first time. */
  known(relation: Pgoutput.MessageRelation): TableState | undefined {
    const state = this.#states.get(relation.relationOid);
    return state && performance.now() - state.loadedAt < LIFETIME_MS ? state : undefined;
  }

  /** Looks the table up; undefined when it has been dropped meanwhile. */
  async load(relation: Pgoutput.MessageRelation): Promise<TableState | undefined> {
    this.#catalog.clear();
    const table = await this.#catalog.table(relation.relationOid, relation.columns);
    if (!table) return undefined;
    // Subscribers know the table by the name that it had when the row was written.
    const named = { ...table, schema: relation.schema, name: relation.name };
    await this.#registrar.refresh(named);
    const state = { table: named, access: new Map<string, Access>(), loadedAt: performance.now() };
    this.#states.set(relation.relationOid, state);
    return state;
  }

  /** What a role may read of the table. */
  async access(state: TableState, role: string): Promise<Access> {
    const known = state.access.get(role);
    if (known) return known;
    const access = await this.#catalog.access(state.table, role);
    state.access.set(role, access);
    return access;
  }
}
