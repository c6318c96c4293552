import type { RawData, WebSocket } from "ws";
import { Channel, type ChannelServices, type ChannelTransport } from "./channel.ts";
import { readJoin } from "./join-payload.ts";
import { decodeFrame, encodeFrame, type Frame, FrameError, type Version } from "./protocol.ts";
import { type Identity, TokenError } from "./token.ts";

/** Limits of a connection. */
export interface ConnectionLimits {
  /** Bytes that may wait for a client that does not read; then it is cut off. */
  readonly bufferedBytes: number;
  readonly channels: number;
}

/** Messages of a client that may wait to be handled before no more are read from its socket. */
const MOST_PENDING = 100;

/** One client's socket and its channels. */
export class Connection implements ChannelTransport {
  readonly version: Version;
  /** Monotonic milliseconds of the client's last sign of life. */
  lastSeen = performance.now();
  readonly #socket: WebSocket;
  readonly #identity: Identity;
  readonly #services: ChannelServices;
  readonly #limits: ConnectionLimits;
  readonly #onCutOff: () => void;
  readonly #channels = new Map<string, Channel>();
  /** Messages are handled one after the other, for some of them take time. */
  #handled = Promise.resolve();
  #pending = 0;

  constructor(
    socket: WebSocket,
    version: Version,
    identity: Identity,
    services: ChannelServices,
    limits: ConnectionLimits,
    onCutOff: () => void,
  ) {
    this.#socket = socket;
    this.version = version;
    this.#identity = identity;
    this.#services = services;
    this.#limits = limits;
    this.#onCutOff = onCutOff;
    socket.on("message", (data, binary) => this.#receive(data, binary));
    socket.on("pong", () => {
      this.lastSeen = performance.now();
    });
    socket.on("close", () => {
      for (const channel of this.#channels.values()) channel.close();
      this.#channels.clear();
    });
    // What goes wrong with a socket ends it, and "close" follows.
    socket.on("error", () => {});
  }

  get channels(): Iterable<Channel> {
    return this.#channels.values();
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /** Bytes that wait for the client to read. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  push(frame: Frame): void {
    this.#write(encodeFrame(this.version, frame));
  }

  send(frame: Buffer): void {
    this.#write(frame);
  }

  forget(channel: Channel): void {
    if (this.#channels.get(channel.topic) === channel) this.#channels.delete(channel.topic);
  }

  /** Ends it with the client's consent; it will come back by itself. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Ends it at once. */
  terminate(): void {
    this.#socket.terminate();
  }

  #write(data: string | Buffer): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(data, { binary: false });
    if (socket.bufferedAmount <= this.#limits.bufferedBytes) return;
    this.#services.logger.warn("A client that does not read was cut off", {
      bufferedBytes: socket.bufferedAmount,
    });
    socket.terminate();
    this.#onCutOff();
  }

  #receive(data: RawData, binary: boolean): void {
    this.lastSeen = performance.now();
    this.#pending += 1;
    if (this.#pending === MOST_PENDING) this.#socket.pause();
    this.#handled = this.#handled
      .then(() => this.#handle(decodeFrame(this.version, toBuffer(data), binary)))
      .catch((error: unknown) => {
        if (error instanceof FrameError) return this.#socket.close(1007, error.message);
        this.#services.logger.error("A message could not be handled", { reason: String(error) });
        this.#socket.close(1011, "internal error");
      })
      .finally(() => {
        this.#pending -= 1;
        if (this.#socket.isPaused && this.#pending < MOST_PENDING / 2) this.#socket.resume();
      });
  }

  async #handle(frame: Frame): Promise<void> {
    if (frame.topic === "phoenix") {
      if (frame.event === "heartbeat") this.#reply(frame, "ok", {});
      return;
    }
    if (frame.event === "phx_join") return this.#join(frame);
    const channel = this.#channels.get(frame.topic);
    if (!channel) {
      if (frame.event !== "phx_leave") this.#reply(frame, "error", { reason: "unmatched topic" });
      return;
    }
    switch (frame.event) {
      case "phx_leave":
        this.#end(channel);
        this.#reply(frame, "ok", {});
        channel.announceClose();
        return;
      case "access_token":
        return channel.refresh(readToken(frame.payload));
      case "presence":
        return this.#reply(frame, "error", { reason: "Presence is not offered here" });
      case "broadcast":
        if (!channel.join.acknowledgeBroadcasts) return;
        return this.#reply(frame, "error", { reason: "Broadcast is not offered here" });
    }
  }

  async #join(frame: Frame): Promise<void> {
    if (!/^realtime:./s.test(frame.topic)) {
      return this.#reply(frame, "error", { reason: "unmatched topic" });
    }
    // A client that joins a topic twice means its latest join.
    const former = this.#channels.get(frame.topic);
    if (former) {
      this.#end(former);
      former.announceClose();
    }
    if (this.#channels.size >= this.#limits.channels) {
      const reason = "ChannelRateLimitReached: Too many channels";
      return this.#reply(frame, "error", { reason });
    }
    const join = readJoin(frame.payload);
    let identity = this.#identity;
    try {
      const { tokens } = this.#services;
      if (join.token !== undefined) identity = await tokens.identify(join.token);
      const complaint = tokens.complaint(identity);
      if (complaint !== undefined) throw new TokenError(complaint);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      return this.#reply(frame, "error", { reason: `InvalidJWTToken: ${error.message}` });
    }
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const channel = new Channel(frame, join, identity, this, this.#services);
    this.#channels.set(channel.topic, channel);
    const accept = () => {
      this.#reply(frame, "ok", { postgres_changes: channel.echo });
      if (join.presence) this.push({ ...frame, ref: null, event: "presence_state", payload: {} });
    };
    if (join.waitMs === undefined || join.entries.length === 0) {
      accept();
      return channel.start();
    }
    channel.start((problem) => {
      if (problem === undefined) return accept();
      this.#end(channel);
      this.#reply(frame, "error", { reason: problem });
    });
  }

  #end(channel: Channel): void {
    channel.close();
    this.forget(channel);
  }

  #reply(frame: Frame, status: "ok" | "error", response: object): void {
    const { joinRef, ref, topic } = frame;
    this.push({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
  }
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function readToken(payload: unknown): unknown {
  return typeof payload === "object" && payload !== null && "access_token" in payload
    ? payload.access_token
    : undefined;
}
