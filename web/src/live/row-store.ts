import type { Cancel, Clock } from "./clock.ts";
import type { Change, Row } from "./delta.ts";
import { type Entry, LiveQuery, type QuerySpec, type Step } from "./live-query.ts";
import { Overlay, type Patch, type Place } from "./optimistic.ts";
import { shareValues } from "./sharing.ts";

/** At most one notification in this many milliseconds (design §7). */
export const BATCH_MS = 100;
/** A query that nobody listens to is kept this long: each search is one, with a list of its own. */
export const QUERY_LINGER_MS = 5_000;

/** What the store says about itself. A new object whenever one of these changes. */
export interface StoreState {
  /** Every row shown is at its newest as of this revision. */
  readonly revision: number;
  /** "loading": the first read is under way and rows appear as they arrive, not yet exact. */
  readonly phase: "loading" | "ready";
  readonly rows: number;
}

interface Watched {
  readonly query: LiveQuery;
  readonly listeners: Set<() => void>;
}

interface Batch {
  readonly changes: Change[];
  revision: number;
  ready: boolean;
}

/**
 * The rows of one scope, as the user sees them.
 *
 * Whole checkpoints go in (`commit`); they are shown at once, or together with what else comes
 * within `BATCH_MS`. Between two notifications nothing that can be read here changes.
 */
export class RowStore {
  readonly #clock: Clock;
  readonly #tables = new Map<string, Map<string, Entry>>();
  readonly #newest = new Map<string, Row>();
  readonly #overlay = new Overlay();
  /** Entries as patched, where a patch lies; kept so that reading twice gives the same object. */
  readonly #patched = new Map<string, Entry>();
  readonly #queries = new Map<string, Watched>();
  readonly #rowListeners = new Map<string, Set<() => void>>();
  readonly #listeners = new Set<() => void>();
  #state: StoreState = { revision: 0, phase: "loading", rows: 0 };
  #pending: Batch | null = null;
  #shownAt = Number.NEGATIVE_INFINITY;
  #cancelFlush: Cancel | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  // -- reading ------------------------------------------------------------------------------

  readonly state = (): StoreState => this.#state;

  /** The row as shown, patches included. The same object until the row changes. */
  row(table: string, id: string): Row | undefined {
    return this.#entry(table, id)?.row;
  }

  *rows(table: string): Generator<Row> {
    for (const entry of this.#entries(table)) yield entry.row;
  }

  /** The ids of a query, sorted. The same array until membership or order changes. */
  ids(spec: QuerySpec): readonly string[] {
    return this.#watch(spec).query.ids;
  }

  // -- subscribing --------------------------------------------------------------------------

  subscribe(listener: () => void): Cancel {
    return listen(this.#listeners, listener);
  }

  subscribeRow(table: string, id: string, listener: () => void): Cancel {
    const place = placeKey(table, id);
    const listeners = this.#rowListeners.get(place) ?? new Set();
    this.#rowListeners.set(place, listeners);
    const cancel = listen(listeners, listener);
    return () => {
      cancel();
      if (listeners.size === 0) this.#rowListeners.delete(place);
    };
  }

  /** Tells when the ids of the query change. */
  subscribeQuery(spec: QuerySpec, listener: () => void): Cancel {
    const watched = this.#watch(spec);
    const cancel = listen(watched.listeners, listener);
    return () => {
      cancel();
      // Not at once: a remount, or a step back, takes it up again.
      this.#clock.after(QUERY_LINGER_MS, () => {
        const key = queryKey(spec);
        if (watched.listeners.size === 0 && this.#queries.get(key) === watched)
          this.#queries.delete(key);
      });
    };
  }

  // -- writing ------------------------------------------------------------------------------

  /**
   * Takes closed checkpoints: after these changes the rows are as the database has them at
   * `revision`. With `ready` false they are part of the first read only.
   */
  commit(changes: readonly Change[], revision: number, ready: boolean): void {
    this.#pending ??= { changes: [], revision, ready };
    for (const change of changes) this.#pending.changes.push(change);
    this.#pending.revision = revision;
    this.#pending.ready ||= ready;
    if (this.#cancelFlush !== null) return;
    const wait = this.#shownAt + BATCH_MS - this.#clock.now();
    if (wait <= 0) this.#flush([]);
    else this.#cancelFlush = this.#clock.after(wait, () => this.#flush([]));
  }

  /** Shows the user's own change, at once. */
  lay(patches: readonly Patch[]): void {
    for (const patch of patches) this.#overlay.lay(patch);
    this.#flush(patches);
  }

  /**
   * The server has done the mutation: its patches go once the rows beneath contain it (see
   * `Overlay.acknowledge`). Returns whether it has patches here.
   */
  acknowledge(key: string, revision: number | null): boolean {
    const any = this.#overlay.acknowledge(key, revision);
    if (any) this.#flush([]);
    return any;
  }

  rollBack(key: string): void {
    this.#flush(this.#overlay.rollBack(key));
  }

  /** Empties the store: what comes next is another history of the same scope. */
  reset(): void {
    this.#pending = null;
    const touched: Place[] = [];
    for (const [table, entries] of this.#tables) {
      for (const id of entries.keys()) touched.push({ table, id });
    }
    const steps = this.#step(touched, () => {
      this.#tables.clear();
      return [];
    });
    this.#setState({ revision: 0, phase: "loading", rows: 0 });
    this.#notify(steps);
  }

  stop(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
  }

  // -- one batch ----------------------------------------------------------------------------

  #flush(alsoTouched: readonly Place[]): void {
    this.stop();
    const batch = this.#pending ?? { changes: [], revision: this.#state.revision, ready: false };
    this.#pending = null;
    if (batch.changes.length > 0) this.#shownAt = this.#clock.now();
    const steps = this.#step([...batch.changes, ...alsoTouched], () => {
      for (const change of batch.changes) this.#keep(change);
      return this.#overlay.pass(
        batch.revision,
        ({ table, id }) => this.#tables.get(table)?.get(id)?.row,
      );
    });
    const phase = batch.ready ? "ready" : this.#state.phase;
    let rows = 0;
    for (const entries of this.#tables.values()) rows += entries.size;
    const before = this.#state;
    this.#setState({ revision: batch.revision, phase, rows });
    this.#notify(steps, before !== this.#state);
  }

  /**
   * Does `work` and says, for each place it touches, what was shown before and is after. `work`
   * returns the places that lost a patch; those still show it until they are patched anew.
   */
  #step(touched: readonly Place[], work: () => readonly Place[]): Map<string, Step[]> {
    const before = new Map<string, Place & { entry: Entry | undefined }>();
    const remember = ({ table, id }: Place): void => {
      const place = placeKey(table, id);
      if (!before.has(place)) before.set(place, { table, id, entry: this.#entry(table, id) });
    };
    touched.forEach(remember);
    work().forEach(remember);
    const steps = new Map<string, Step[]>();
    for (const [place, { table, id, entry }] of before) {
      this.#patch(place, table, id);
      const after = this.#entry(table, id);
      if (after === entry) continue;
      const list = steps.get(table) ?? [];
      list.push({ before: entry, after });
      steps.set(table, list);
    }
    return steps;
  }

  /** A row never goes back: an older or equal revision is ignored. */
  #keep({ table, id, revision, row }: Change): void {
    const entries = this.#tables.get(table) ?? new Map<string, Entry>();
    this.#tables.set(table, entries);
    const held = entries.get(id);
    if (held !== undefined && held.revision >= revision) return;
    shareValues(held?.row ?? this.#newest.get(table), row);
    entries.set(id, { id, revision, row });
    this.#newest.set(table, row);
  }

  #patch(place: string, table: string, id: string): void {
    this.#patched.delete(place);
    const base = this.#tables.get(table)?.get(id);
    if (base === undefined || !this.#overlay.covers(table, id)) return;
    this.#patched.set(place, { ...base, row: this.#overlay.over(table, id, base.row) });
  }

  /** Everybody whose view changed hears of it, once, after everything has changed. */
  #notify(steps: Map<string, Step[]>, state = true): void {
    const hearing = new Set<() => void>(state ? this.#listeners : []);
    for (const [table, list] of steps) {
      for (const { before, after } of list) {
        const id = after?.id ?? before?.id ?? "";
        for (const listener of this.#rowListeners.get(placeKey(table, id)) ?? []) {
          hearing.add(listener);
        }
      }
    }
    for (const [key, { query, listeners }] of this.#queries) {
      const list = steps.get(tableOf(key));
      if (list === undefined) continue;
      if (listeners.size === 0) this.#queries.delete(key);
      if (listeners.size === 0 || !query.apply(list)) continue;
      for (const listener of listeners) hearing.add(listener);
    }
    for (const listener of hearing) listener();
  }

  #setState(next: StoreState): void {
    const { revision, phase, rows } = this.#state;
    if (revision === next.revision && phase === next.phase && rows === next.rows) return;
    this.#state = next;
  }

  #entry(table: string, id: string): Entry | undefined {
    return this.#patched.get(placeKey(table, id)) ?? this.#tables.get(table)?.get(id);
  }

  *#entries(table: string): Generator<Entry> {
    const patched = this.#patched.size > 0;
    for (const entry of this.#tables.get(table)?.values() ?? []) {
      yield (patched && this.#patched.get(placeKey(table, entry.id))) || entry;
    }
  }

  /** A query is kept from its first reading; one without listeners goes soon, or at the next change. */
  #watch(spec: QuerySpec): Watched {
    const key = queryKey(spec);
    const watched = this.#queries.get(key) ?? {
      query: new LiveQuery(spec, this.#entries(spec.table)),
      listeners: new Set(),
    };
    this.#queries.set(key, watched);
    return watched;
  }
}

const placeKey = (table: string, id: string): string => `${table}/${id}`;
const queryKey = (spec: QuerySpec): string => `${spec.table}/${spec.key}`;
const tableOf = (queryKeyText: string): string => queryKeyText.slice(0, queryKeyText.indexOf("/"));

function listen(listeners: Set<() => void>, listener: () => void): Cancel {
  // A wrapper, so that one function may listen twice and cancel once.
  const own = () => listener();
  listeners.add(own);
  return () => {
    listeners.delete(own);
  };
}
