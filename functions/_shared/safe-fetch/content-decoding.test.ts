import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedMessage } from "./byte-reader.ts";
import { collectBytes, decodeContent, limitBytes } from "./content-decoding.ts";

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const encoders = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
};

describe("decodeContent", () => {
  for (const [name, encode] of Object.entries(encoders)) {
    it(`undoes ${name}, however it is cut`, async () => {
      const body = fc.uint8Array({ minLength: 1, maxLength: 3_000 });
      await fc.assert(
        fc.asyncProperty(body, fc.integer({ min: 1, max: 500 }), async (plain, size) => {
          const decoded = await collectBytes(decodeContent(inPieces(encode(plain), size), name));
          expect(Buffer.from(decoded).equals(plain)).toBe(true);
        }),
        { numRuns: 20 },
      );
    });
  }

  it("understands a deflate without its wrapper", async () => {
    const decoded = decodeContent(inPieces(deflateRawSync("hello"), 3), "deflate");
    expect(Buffer.from(await collectBytes(decoded)).toString()).toBe("hello");
  });

  it("passes plain and empty bodies through", async () => {
    const plain = decodeContent(inPieces(Buffer.from("hello"), 2), "identity");
    expect(Buffer.from(await collectBytes(plain)).toString()).toBe("hello");
    const empty = decodeContent(inPieces(new Uint8Array(0), 1), "gzip");
    expect(await collectBytes(empty)).toHaveLength(0);
  });

  it.each(["compress", "gzip, gzip", "aes128gcm"])("refuses %s", async (encoding) => {
    const pending = collectBytes(decodeContent(inPieces(Buffer.from("x"), 1), encoding));
    await expect(pending).rejects.toThrow(MalformedMessage);
  });

  it.each(["gzip", "br", "deflate"] as const)("refuses a broken or shortened %s", async (name) => {
    const whole = encoders[name](Buffer.from("hello world ".repeat(100)));
    const broken = Uint8Array.from(whole, (byte, at) => (at > 8 ? byte ^ 0x5a : byte));
    for (const bytes of [whole.subarray(0, -6), broken]) {
      const pending = collectBytes(decodeContent(inPieces(bytes, 7), name));
      await expect(pending).rejects.toThrow("its compression is broken");
    }
  });

  it("hands on what went wrong with the source", async () => {
    async function* breaking() {
      yield gzipSync("hello").subarray(0, 12);
      throw new Error("connection lost");
    }
    await expect(collectBytes(decodeContent(breaking(), "gzip"))).rejects.toThrow(
      "connection lost",
    );
  });

  it("lets the source go when the reader stops early", async () => {
    let released = false;
    async function* source() {
      try {
        yield* inPieces(gzipSync(new Uint8Array(5_000_000)), 1_000);
      } finally {
        released = true;
      }
    }
    for await (const _piece of decodeContent(source(), "gzip")) break;
    expect(released).toBe(true);
  });
});

describe("a compression bomb", () => {
  it.each(["gzip", "br", "deflate"] as const)("of %s is stopped at the cap", async (name) => {
    const bomb = encoders[name](new Uint8Array(60_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    let unpacked = 0;
    const counted = async function* () {
      for await (const piece of decodeContent(inPieces(bomb, 16_384), name)) {
        unpacked += piece.length;
        yield piece;
      }
    };
    const pending = collectBytes(limitBytes(counted(), 1_000_000, () => new Error("too large")));
    await expect(pending).rejects.toThrow("too large");
    expect(unpacked).toBeLessThan(1_200_000);
  });
});

describe("limitBytes", () => {
  it("passes exactly the cap and cuts one byte more", async () => {
    const cap = (length: number) =>
      collectBytes(limitBytes(inPieces(new Uint8Array(length), 3), 10, () => null));
    expect(await cap(10)).toHaveLength(10);
    expect(await cap(11)).toHaveLength(10);
  });
});
