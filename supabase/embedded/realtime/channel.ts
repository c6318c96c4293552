import type { Claims } from "./authorise.ts";
import type { JoinRequest } from "./join-payload.ts";
import type { Logger } from "./logger.ts";
import type { Frame, Ref, Version } from "./protocol.ts";
import type { Registrar } from "./registrar.ts";
import { numberEntries, parseRequest, RequestError } from "./subscription-request.ts";
import type { Subscriber, Subscription, SubscriptionIndex } from "./subscriptions.ts";
import { type Identity, TokenError, type Tokens } from "./token.ts";
import type { VisibilityHorizon } from "./visibility-horizon.ts";

/** What channels share. */
export interface ChannelServices {
  readonly registrar: Registrar;
  readonly index: SubscriptionIndex;
  readonly horizon: VisibilityHorizon;
  readonly tokens: Tokens;
  readonly logger: Logger;
  /** Whether changes are being followed right now. */
  isStreaming(): boolean;
}

/** The connection, as its channels use it. */
export interface ChannelTransport {
  readonly version: Version;
  push(frame: Frame): void;
  send(frame: Buffer): void;
  /** The channel has ended by itself. */
  forget(channel: Channel): void;
}

/** A token is looked at again this often at least, so that a sleeping machine notices its expiry. */
const RECHECK_MS = 5 * 60_000;
/** After a failure that is not the subscriber's, a random time between these passes. */
const RETRY_MS = { least: 1_000, most: 5_000 };

/** One joined topic of a connection. */
export class Channel implements Subscriber {
  readonly topic: string;
  readonly joinRef: Ref;
  readonly join: JoinRequest;
  readonly #services: ChannelServices;
  readonly #transport: ChannelTransport;
  readonly #ids: readonly number[];
  #identity: Identity;
  /** Takes the place of `#identity` once the subscriptions have been checked for it. */
  #next: Identity | undefined;
  #subscriptions: Subscription[] = [];
  /** Only the latest attempt to subscribe counts. */
  #attempt = 0;
  #closed = false;
  #expiry: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #onOutcome: ((problem: string | undefined) => void) | undefined;

  constructor(
    frame: Frame,
    join: JoinRequest,
    identity: Identity,
    transport: ChannelTransport,
    services: ChannelServices,
  ) {
    this.topic = frame.topic;
    this.joinRef = frame.joinRef ?? frame.ref;
    this.join = join;
    this.#identity = identity;
    this.#transport = transport;
    this.#services = services;
    this.#ids = numberEntries(join.entries);
  }

  get version(): Version {
    return this.#transport.version;
  }

  get claims(): Claims {
    return this.#identity.claims;
  }

  /** The reply to the join: every entry as it came, and its number. */
  get echo(): readonly Record<string, unknown>[] {
    return this.join.entries.map((entry, index) => ({ ...entry, id: this.#ids[index] }));
  }

  /**
   * Begins to listen.
   * @param onOutcome told once: nothing when changes flow, else why they do not
   */
  start(onOutcome?: (problem: string | undefined) => void): void {
    if (onOutcome) {
      const late = setTimeout(
        () => this.#settle("PostgresChangesSubscribeTimeout: changes cannot be followed yet"),
        this.join.waitMs,
      ).unref();
      this.#onOutcome = (problem) => {
        clearTimeout(late);
        onOutcome(problem);
      };
    }
    this.#watchExpiry();
    void this.subscribe();
  }

  /**
   * Subscribes, or subscribes anew: after a refresh of the token and after the stream was interrupted. Then
   * tells the client that changes flow: whatever it reads from now on shows everything that it was not sent.
   */
  async subscribe(): Promise<void> {
    const { registrar, horizon, logger } = this.#services;
    clearTimeout(this.#retry);
    this.#attempt += 1;
    const attempt = this.#attempt;
    if (this.#closed || this.join.entries.length === 0 || !this.#services.isStreaming()) return;
    const identity = this.#latestIdentity;
    const isStale = () => this.#closed || attempt !== this.#attempt;
    try {
      const requests = this.join.entries.map(parseRequest);
      const places = await Promise.all(
        requests.map((request) => registrar.check(request, identity.claims)),
      );
      if (isStale()) return;
      this.#drop();
      this.#identity = identity;
      this.#subscriptions = requests.map((request, entry) => ({
        subscriber: this,
        id: this.#ids[entry] ?? 0,
        request,
      }));
      for (const [entry, subscription] of this.#subscriptions.entries()) {
        registrar.place(subscription, places[entry] ?? []);
      }
      await horizon.settled();
      if (isStale() || !this.#services.isStreaming()) return;
      this.#settle(undefined);
      this.#system("postgres_changes", "ok", "Subscribed to PostgreSQL");
    } catch (error) {
      const known = error instanceof RequestError;
      // With the next stream everybody subscribes anew.
      if (isStale() || (!known && !this.#services.isStreaming())) return;
      this.#drop();
      const message = known ? error.message : "Unable to subscribe to changes, trying again";
      this.#settle(`RealtimeDisabledForConfiguration: ${message}`);
      this.reject(message);
      // A request that is wrong stays wrong.
      if (known) return;
      logger.warn("A channel could not subscribe, trying again", { reason: String(error) });
      const wait = RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least);
      this.#retry = setTimeout(() => void this.subscribe(), wait).unref();
    }
  }

  /** Takes another token: the subscriptions are checked for it, then go on under its role and claims. */
  async refresh(token: unknown): Promise<void> {
    // An API key in this place, or the same token again, is no news.
    if (typeof token !== "string" || token.startsWith("sb_")) return;
    if (token === this.#latestIdentity.token) return;
    try {
      this.#next = await this.#services.tokens.identify(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      this.#shutDown(error.message);
      return;
    }
    this.#watchExpiry();
    void this.subscribe();
  }

  send(frame: Buffer): void {
    if (!this.#closed) this.#transport.send(frame);
  }

  reject(message: string): void {
    this.#system("postgres_changes", "error", message);
  }

  /** Stops listening. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#expiry);
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Tells the client that the channel has ended. */
  announceClose(): void {
    const { topic, joinRef } = this;
    this.#transport.push({ joinRef, ref: joinRef, topic, event: "phx_close", payload: {} });
  }

  get #latestIdentity(): Identity {
    return this.#next ?? this.#identity;
  }

  #drop(): void {
    for (const subscription of this.#subscriptions) this.#services.index.remove(subscription);
    this.#subscriptions = [];
  }

  #settle(problem: string | undefined): void {
    const tell = this.#onOutcome;
    this.#onOutcome = undefined;
    tell?.(problem);
  }

  #watchExpiry(): void {
    const { tokens } = this.#services;
    const identity = this.#latestIdentity;
    clearTimeout(this.#expiry);
    if (this.#closed || identity.expiresAt === undefined) return;
    const check = () => {
      const complaint = tokens.complaint(identity);
      if (complaint === undefined) this.#watchExpiry();
      else this.#shutDown(complaint);
    };
    this.#expiry = setTimeout(check, tokens.remaining(identity, RECHECK_MS)).unref();
  }

  #shutDown(reason: string): void {
    if (this.#closed) return;
    this.#system("system", "error", reason);
    this.close();
    this.announceClose();
    this.#transport.forget(this);
  }

  #system(extension: string, status: "ok" | "error", message: string): void {
    if (this.#closed) return;
    const { topic, joinRef } = this;
    const channel = topic.replace(/^realtime:/, "");
    const payload = { extension, status, message, channel };
    this.#transport.push({ joinRef, ref: null, topic, event: "system", payload });
  }
}
