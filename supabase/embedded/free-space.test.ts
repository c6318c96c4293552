import { expect, test } from "vitest";
import { requireFreeSpace } from "./free-space.ts";

const disk = (megabytes: number) => () => ({ bavail: megabytes * 256, bsize: 4096 });

test("a disk that is nearly full is refused with what to do", () => {
  expect(() => requireFreeSpace("/data", disk(100))).toThrow(
    /disk of \/data is full: 100 MB are free, 128 MB are needed. Make room/,
  );
});

test("a disk with room is taken", () => {
  expect(() => requireFreeSpace("/data", disk(128))).not.toThrow();
});
