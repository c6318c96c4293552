// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { usePanelOpen } from "./use-panel-open.ts";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let page = { matches: true };
let root: Root;
const area = document.createElement("div");

function Panel() {
  const [open, change] = usePanelOpen();
  return (
    <button type="button" onClick={() => change(!open)}>
      {open ? "open" : "closed"}
    </button>
  );
}

async function visit() {
  root = createRoot(area);
  await act(async () => root.render(<Panel />));
}
async function leave() {
  await act(async () => root.unmount());
}
async function toggle() {
  await act(async () => area.querySelector("button")?.click());
}

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("matchMedia", () => page);
});
afterEach(async () => {
  await leave();
  vi.unstubAllGlobals();
});

it("stands open beside a wide page, and stays closed once it was closed there", async () => {
  page = { matches: true };
  await visit();
  expect(area.textContent).toBe("open");
  await toggle();
  await leave();
  await visit();
  expect(area.textContent).toBe("closed");
});

it("never lies over a small page before it was asked for, whatever was chosen before", async () => {
  page = { matches: false };
  await visit();
  expect(area.textContent).toBe("closed");
  await toggle();
  expect(area.textContent).toBe("open");
  await leave();
  await visit();
  expect(area.textContent).toBe("closed");
});
