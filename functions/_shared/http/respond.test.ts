import { expect, it } from "vitest";
import { OtisError } from "../contract/errors.ts";
import { toOtisError } from "./respond.ts";

const raised = (code: string, message = "some text of Postgres", detail?: string) =>
  Object.assign(new Error(message), { code, detail });

it.each([
  ["40P01", "unavailable"],
  ["40001", "unavailable"],
  ["55P03", "unavailable"],
  ["57014", "unavailable"],
  ["08006", "unavailable"],
  ["CONNECT_TIMEOUT", "unavailable"],
  ["22P02", "invalid_input"],
  ["23503", "invalid_input"],
  ["42P01", "internal"],
])("what Postgres says with %s is %s, without its text", (code, expected) => {
  const error = toOtisError(raised(code));
  expect(error.code).toBe(expected);
  expect(JSON.stringify(error.toBody())).not.toContain("Postgres");
});

it("a refusal that SQL names keeps its code and its sentence", () => {
  const refusal = raised("PT409", "already_running", "It runs. Nothing was started.");
  expect(toOtisError(refusal)).toMatchObject({
    code: "already_running",
    message: "It runs. Nothing was started.",
  });
  const own = new OtisError("too_many", "Too many.");
  expect(toOtisError(own)).toBe(own);
});
