/** The two versions of the Phoenix channel protocol that `@supabase/realtime-js` speaks. */
export type Version = "1.0.0" | "2.0.0";

/** Whatever the client numbers its messages with; only ever echoed. */
export type Ref = string | number | null;

export interface Frame {
  readonly joinRef: Ref;
  readonly ref: Ref;
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

/** A frame that is none; the connection is closed. */
export class FrameError extends Error {}

/** Kind byte of a client's binary broadcast, the only binary frame a client sends. */
const USER_BROADCAST_PUSH = 3;

/** Reads a frame from the wire. Throws FrameError. */
export function decodeFrame(version: Version, data: Buffer, binary: boolean): Frame {
  if (binary) return decodeBroadcast(data);
  let json: unknown;
  try {
    json = JSON.parse(data.toString("utf8"));
  } catch (cause) {
    throw new FrameError("The frame is not JSON", { cause });
  }
  if (version === "2.0.0") {
    if (!Array.isArray(json)) throw new FrameError("The frame is not an array");
    const [joinRef, ref, topic, event, payload]: unknown[] = json;
    return checkFrame({ joinRef, ref, topic, event, payload });
  }
  if (typeof json !== "object" || json === null) throw new FrameError("The frame is not an object");
  return checkFrame({ join_ref: null, ref: null, payload: {}, ...json });
}

function checkFrame(frame: {
  joinRef?: unknown;
  join_ref?: unknown;
  ref?: unknown;
  topic?: unknown;
  event?: unknown;
  payload?: unknown;
}): Frame {
  const { topic, event, payload } = frame;
  if (typeof topic !== "string" || typeof event !== "string") {
    throw new FrameError("The frame names no topic or event");
  }
  return {
    joinRef: toRef(frame.joinRef ?? frame.join_ref),
    ref: toRef(frame.ref),
    topic,
    event,
    payload,
  };
}

function toRef(value: unknown): Ref {
  return typeof value === "string" || typeof value === "number" ? value : null;
}

/** Only the addressing: broadcasts are not relayed, so what they carry does not matter. */
function decodeBroadcast(data: Buffer): Frame {
  const [kind, joinRefSize = 0, refSize = 0, topicSize = 0] = data;
  if (kind !== USER_BROADCAST_PUSH) throw new FrameError("The binary frame is of an unknown kind");
  const ends = [
    7,
    7 + joinRefSize,
    7 + joinRefSize + refSize,
    7 + joinRefSize + refSize + topicSize,
  ];
  if (data.length < (ends[3] ?? 0)) throw new FrameError("The binary frame is cut short");
  const field = (index: number) => data.toString("utf8", ends[index], ends[index + 1]);
  return {
    joinRef: field(0) || null,
    ref: field(1) || null,
    topic: field(2),
    event: "broadcast",
    payload: {},
  };
}

/** A frame as text for the wire. */
export function encodeFrame(version: Version, frame: Frame): string {
  const { joinRef, ref, topic, event, payload } = frame;
  return version === "2.0.0"
    ? JSON.stringify([joinRef, ref, topic, event, payload])
    : JSON.stringify({ topic, event, payload, ref, join_ref: joinRef });
}

/**
 * What stands before and after a change's `data`, so that one encoding of the data serves every
 * subscriber: join_ref stays null, as the client drops what names another join than its latest.
 */
export function changeEnvelope(
  version: Version,
  topic: string,
  ids: readonly number[],
): { readonly head: string; readonly tail: string } {
  const name = JSON.stringify(topic);
  return version === "2.0.0"
    ? { head: `[null,null,${name},"postgres_changes",{"ids":[${ids}],"data":`, tail: "}]" }
    : {
        head: `{"topic":${name},"event":"postgres_changes","payload":{"ids":[${ids}],"data":`,
        tail: '},"ref":null,"join_ref":null}',
      };
}
