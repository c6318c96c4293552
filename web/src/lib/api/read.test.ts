import { expect, it, vi } from "vitest";
import { read } from "./read.ts";

vi.mock("../auth/auth-store.ts", () => ({ reportExpired: () => {} }));

it("passes on what the database refuses, in its own words", async () => {
  const answer = {
    data: null,
    status: 413,
    error: {
      code: "PT413",
      message: "too_large",
      details: "A piece of a file has at most 1 MiB.",
    },
  };
  await expect(read(Promise.resolve(answer))).rejects.toMatchObject({
    code: "too_large",
    message: "A piece of a file has at most 1 MiB.",
  });
});
