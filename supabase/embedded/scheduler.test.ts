import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWaker } from "./scheduler.ts";

const GAP_MS = 50;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
  const calls: PromiseWithResolvers<void>[] = [];
  const log = vi.fn();
  const call = () => {
    const next = Promise.withResolvers<void>();
    calls.push(next);
    return next.promise;
  };
  return { calls, log, waker: createWaker(call, GAP_MS, log) };
}

test("the first wake calls at once", () => {
  const { calls, waker } = setUp();
  waker.wake();
  expect(calls).toHaveLength(1);
});

test("any number of wakes during a call become one more call", async () => {
  const { calls, waker } = setUp();
  for (let i = 0; i < 100; i++) waker.wake();
  expect(calls).toHaveLength(1);
  calls[0]?.resolve();
  await vi.advanceTimersByTimeAsync(GAP_MS);
  expect(calls).toHaveLength(2);
  calls[1]?.resolve();
  await vi.advanceTimersByTimeAsync(10 * GAP_MS);
  expect(calls).toHaveLength(2);
});

test("two calls begin at least the gap apart, and a wake in the gap is not lost", async () => {
  const { calls, waker } = setUp();
  waker.wake();
  calls[0]?.resolve();
  await vi.advanceTimersByTimeAsync(1);
  waker.wake();
  await vi.advanceTimersByTimeAsync(GAP_MS - 2);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls).toHaveLength(2);
});

test("a worker that cannot be called is reported once, until it has answered again", async () => {
  const { calls, log, waker } = setUp();
  const fail = async (error?: Error) => {
    waker.wake();
    const call = calls.at(-1);
    if (error) call?.reject(error);
    else call?.resolve();
    await vi.advanceTimersByTimeAsync(GAP_MS);
  };
  await fail(new Error("refused"));
  await fail(new Error("refused"));
  expect(log).toHaveBeenCalledTimes(1);
  await fail();
  await fail(new Error("refused"));
  expect(log).toHaveBeenCalledTimes(2);
});

test("a stopped waker calls no more", async () => {
  const { calls, waker } = setUp();
  waker.wake();
  waker.wake();
  waker.stop();
  calls[0]?.resolve();
  await vi.advanceTimersByTimeAsync(10 * GAP_MS);
  waker.wake();
  expect(calls).toHaveLength(1);
});
