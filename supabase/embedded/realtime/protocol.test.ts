import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeEnvelope, decodeFrame, encodeFrame, FrameError, type Version } from "./protocol.ts";

const versions: Version[] = ["1.0.0", "2.0.0"];

describe.each(versions)("protocol %s", (version) => {
  test("what is encoded is decoded again", () => {
    const ref = fc.oneof(fc.string(), fc.nat(), fc.constant(null));
    const frame = fc.record({
      joinRef: ref,
      ref,
      topic: fc.string(),
      event: fc.string(),
      payload: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value))),
    });
    fc.assert(
      fc.property(frame, (sent) => {
        const bytes = Buffer.from(encodeFrame(version, sent));
        expect(decodeFrame(version, bytes, false)).toEqual(sent);
      }),
    );
  });

  test("garbage is a FrameError, never another failure", () => {
    const anything = fc.oneof(fc.string(), fc.json());
    fc.assert(
      fc.property(anything, fc.boolean(), (text, binary) => {
        try {
          decodeFrame(version, Buffer.from(text), binary);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
    );
  });

  test("a change's envelope makes a frame without references around the data", () => {
    const { head, tail } = changeEnvelope(version, 'realtime:a"b', [7, 9]);
    const frame = decodeFrame(version, Buffer.from(`${head}{"type":"INSERT"}${tail}`), false);
    expect(frame).toEqual({
      joinRef: null,
      ref: null,
      topic: 'realtime:a"b',
      event: "postgres_changes",
      payload: { ids: [7, 9], data: { type: "INSERT" } },
    });
  });
});

test("a binary broadcast tells whom it is for", () => {
  const header = Buffer.from([3, 1, 2, 13, 4, 0, 1]);
  const frame = Buffer.concat([header, Buffer.from('510realtime:roommove{"x":1}')]);
  expect(decodeFrame("2.0.0", frame, true)).toMatchObject({
    joinRef: "5",
    ref: "10",
    topic: "realtime:room",
    event: "broadcast",
  });
});
