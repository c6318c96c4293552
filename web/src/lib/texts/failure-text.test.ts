import { expect, it } from "vitest";
import { Failure } from "../api/failure.ts";
import { failureText } from "./failure-text.ts";

it("says what the server said where that is more than OTIS can know beforehand", () => {
  const limit = "A personal line has at most 500 bytes. Nothing was changed.";
  expect(failureText(new Failure("too_large", limit))).toMatchObject({
    title: "Too large",
    hint: limit,
  });
  expect(failureText(new Failure("already_running", "It runs already."))).toMatchObject({
    title: "It runs already.",
    hint: "",
  });
});

it("does not show what only a programmer understands", () => {
  const { title, hint } = failureText(new TypeError("x is undefined"));
  expect(`${title} ${hint}`).not.toContain("undefined");
});
