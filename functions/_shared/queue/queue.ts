export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One claimed step of work. */
export interface WorkItem {
  id: string;
  /** Number of this claim; every result names it, so that one from an earlier claim is refused. */
  lease: string;
  kind: string;
  provider: string;
  ownerId: string;
  sessionId: string;
  /** The run, batch or campaign it belongs to. */
  groupId: string;
  /** The scraping run, enrichment status or campaign, by kind. */
  subjectId: string;
  attempts: number;
  maxAttempts: number;
  payload: JsonObject;
}

/** What a handler made of a step. */
export interface StepOutcome {
  /** What is to be written, in the form that SQL knows for this kind; absent when nothing is. */
  effect?: JsonObject;
  /** Where to go on; absent when the item is finished. */
  next?: {
    checkpoint: JsonObject;
    /** Not before so many ms from now, to poll something that runs elsewhere. */
    afterMs?: number;
    /** Whose limits the next step counts against; absent: the same vendor's. */
    provider?: string;
  };
}

export interface Completion {
  item: WorkItem;
  outcome: StepOutcome;
  /** Lines of the step that no report has carried yet. */
  log: LogLine[];
}

export interface Failure {
  item: WorkItem;
  code: string;
  /** For the user: what happened, what to do. */
  message: string;
  retryAfterSeconds: number | null;
  /** True when trying again cannot help. */
  permanent: boolean;
}

export type LogLevel = "debug" | "info" | "success" | "warning" | "error";
export interface LogLine {
  level: LogLevel;
  message: string;
}

/** How long a claim or an extension holds. A dead worker's items wait this long for another. */
export const leaseMs = 15_000;

/** How far a running step is; what is absent stays as it was. */
export interface Progress {
  step?: string;
  done?: number;
  total?: number | null;
}

export interface ProgressReport {
  item: WorkItem;
  progress: Progress;
  log: LogLine[];
}

/** The database is away or in conflict with itself; the same call may work in a moment. */
export class QueueUnavailable extends Error {
  override readonly name = "QueueUnavailable";
}

/** The worker's side of the queue protocol. Every call covers many items in one round trip. */
export interface Queue {
  claim(limit: number): Promise<WorkItem[]>;
  /** Effects and ends, in one transaction, of the items whose lease still holds; others are passed over. */
  complete(completions: readonly Completion[]): Promise<void>;
  fail(failures: readonly Failure[]): Promise<void>;
  /** Gives items back as they were claimed, without counting an attempt. */
  release(items: readonly WorkItem[]): Promise<void>;
  report(reports: readonly ProgressReport[]): Promise<void>;
  /** The ids of the items that are still the worker's: not paused, cancelled or taken over. Only reads. */
  held(items: readonly WorkItem[]): Promise<ReadonlySet<string>>;
  /** The same, and prolongs their leases. */
  extend(items: readonly WorkItem[]): Promise<ReadonlySet<string>>;
  /** Ms until something may have to be done; null when nothing waits at all. May be too short. */
  due(): Promise<number | null>;
  /** Asks for another worker. Only a hint. */
  wakeAnother(): Promise<void>;
}
