import { afterEach, describe, expect, it } from "vitest";
import { llmSettings, readLines, writeLines } from "../../functions/_shared/campaigns/llm.ts";
import { startVendor, type VendorAnswer, type VendorRequest } from "./vendor-server.ts";

const signal = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function model(answer: (request: VendorRequest) => VendorAnswer) {
  const vendor = await startVendor(answer);
  closing.push(vendor.close);
  return {
    ...vendor,
    settings: llmSettings({ OPENAI_BASE_URL: `${vendor.url}/v1/`, OPENAI_API_KEY: "k" }, fetch),
  };
}

const says = (content: string): VendorAnswer => ({
  body: { choices: [{ message: { role: "assistant", content } }] },
});
const leads = [
  {
    id: "1",
    values: { company_name: "Bakker BV", job_title: "Planner", email: "jan@bakker.example" },
  },
  { id: "2", values: { company_name: "Smid" } },
];

describe("an OpenAI-compatible endpoint", () => {
  it("gets the facts without any address, and its lines come back by id", async () => {
    const { settings, requests } = await model(() =>
      says(
        JSON.stringify({
          lines: [
            { id: "2", line: "Hello Smid." },
            { id: "1", line: "Hello Bakker." },
          ],
        }),
      ),
    );
    const lines = await writeLines(settings, undefined, "Be brief", leads, signal);
    expect([...lines].sort()).toEqual([
      ["1", "Hello Bakker."],
      ["2", "Hello Smid."],
    ]);
    expect(requests[0]?.url.pathname).toBe("/v1/chat/completions");
    expect(JSON.stringify(requests[0]?.body)).not.toContain("jan@");
  });

  it.each([
    ['{"lines": [{"id": "1", "line": "Only one."}]}', ["1"]],
    ['```json\n{"lines": [{"id": "1", "line": "Fenced."}]}\n```', ["1"]],
    ['{"lines": [{"id": "9", "line": "Nobody asked."}]}', []],
    ['{"lines": [{"id": "1", "line": "Dear [FIRST NAME]"}, {"id": "2", "line": "  "}]}', []],
    ['{"lines": [{"id": "1", "li', []],
    ["I cannot do that.", []],
  ])("leaves out what %s does not answer", (content, ids) => {
    expect([...readLines(content, new Set(["1", "2"])).keys()]).toEqual(ids);
  });

  it.each([
    [401, "key_refused", false],
    [402, "out_of_credit", false],
    [429, "rate_limited", true],
    [503, "vendor_down", true],
  ])("turns HTTP %s into %s", async (status, code, retryable) => {
    const { settings } = await model(() => ({ status, body: { error: { message: "no" } } }));
    await expect(writeLines(settings, undefined, "", leads, signal)).rejects.toMatchObject({
      code,
      retryable,
    });
  });

  it("tells an empty account from a busy one, though both are HTTP 429", async () => {
    const { settings } = await model(() => ({
      status: 429,
      body: { error: { code: "insufficient_quota", message: "You exceeded your current quota" } },
    }));
    await expect(writeLines(settings, undefined, "", leads, signal)).rejects.toMatchObject({
      code: "out_of_credit",
    });
  });
});
