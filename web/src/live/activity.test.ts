import { beforeEach, describe, expect, it, vi } from "vitest";
import { Activity, INTERACTION_MAX_MS, INTERACTION_MS, UNATTENDED_MS } from "./activity.ts";
import { ManualClock } from "./testing/manual-clock.ts";

describe("activity", () => {
  let clock: ManualClock;
  let activity: Activity;
  const woke = vi.fn();
  beforeEach(() => {
    clock = new ManualClock();
    activity = new Activity(clock);
    woke.mockReset();
    activity.onWake(woke);
  });

  it("pauses while something is touched, and a moment longer", async () => {
    activity.touched();
    await clock.advance(INTERACTION_MS - 1);
    expect(activity.is("interacting")).toBe(true);
    activity.touched();
    await clock.advance(INTERACTION_MS - 1);
    expect(activity.is("interacting")).toBe(true);
    await clock.advance(1);
    expect(activity.is("interacting")).toBe(false);
  });

  it("does not let an endless interaction pause for ever", async () => {
    for (let passed = 0; passed <= INTERACTION_MAX_MS; passed += 1_000) {
      activity.touched();
      await clock.advance(1_000);
    }
    expect(activity.is("interacting")).toBe(false);
  });

  it("keeps pause reasons apart", () => {
    activity.touched();
    activity.setHidden(true);
    activity.setOnline(false);
    activity.setHidden(false);
    expect([...activity.pauses.get()]).toEqual(["interacting", "offline"]);
  });

  it("says once that it is online or offline", () => {
    const online = vi.fn();
    activity.onOnline(online);
    activity.setOnline(true);
    activity.setOnline(false);
    activity.setOnline(false);
    activity.setOnline(true);
    expect(online.mock.calls).toEqual([[false], [true]]);
  });

  it("wakes with the time slept when the machine was suspended", async () => {
    const stop = activity.start();
    await clock.advance(60_000);
    expect(woke).not.toHaveBeenCalled();
    clock.sleep(600_000);
    await clock.advance(10_000);
    expect(woke).toHaveBeenCalledTimes(1);
    expect(woke.mock.calls[0]?.[0]).toBeGreaterThan(580_000);
    stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it("wakes when the tab is shown again, but not of sleep while it was hidden", async () => {
    const stop = activity.start();
    activity.setHidden(true);
    await clock.advance(60_000);
    expect(woke).not.toHaveBeenCalled();
    activity.setHidden(false);
    expect(woke.mock.calls).toEqual([[0]]);
    stop();
  });

  it("does not take the slow timers of a hidden tab for sleep, but sleep for sleep", async () => {
    const stop = activity.start();
    activity.setHidden(true);
    clock.sleep(60_000);
    activity.setHidden(false);
    activity.setHidden(true);
    clock.sleep(600_000);
    activity.setHidden(false);
    expect(woke.mock.calls.map(([slept]) => slept > 0)).toEqual([false, true]);
    stop();
  });

  it("counts a page as unattended after ten minutes, and wakes at the next touch", async () => {
    expect(activity.attended).toBe(true);
    await clock.advance(UNATTENDED_MS);
    expect(activity.attended).toBe(false);
    activity.touched();
    expect(activity.attended).toBe(true);
    expect(woke.mock.calls).toEqual([[0]]);
  });
});
