import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { customValues, toInstantly } from "./instantly-template.ts";
import { render, VARIABLES } from "./template.ts";

describe("a template in Instantly's language", () => {
  it("uses Instantly's names where it has them, and custom variables for the rest", () => {
    const texts = toInstantly(
      {
        subject: "{{ company_name }}: {{job_title}}",
        body: "Dear {{first_name}}, {{personal_line}} {{job_title}}",
      },
      {},
    );
    expect(texts).toEqual({
      subject: "{{companyName}}: {{job_title}}",
      body: "Dear {{firstName}}, {{personalization}} {{job_title}}",
      custom: [{ key: "job_title", name: "job_title", fallback: "" }],
    });
  });

  it("keeps fallbacks, also two of one variable", () => {
    const texts = toInstantly(
      {
        subject: "{{first_name|there}}",
        body: "{{first_name|colleague}} {{first_name|there}} {{first_name}}",
      },
      {},
    );
    expect(texts.body).toBe("{{first_name_2}} {{first_name}} {{firstName}}");
    expect(customValues(texts.custom, { first_name: " " })).toEqual({
      first_name: "there",
      first_name_2: "colleague",
    });
  });

  it("writes out what is the same for every lead", () => {
    const texts = toInstantly(
      { subject: "{{sender_name}}", body: "{{sender_company|us}} {{unsubscribe_text}}" },
      { sender_name: "Sam", sender_company: "", unsubscribe_text: "Reply STOP." },
    );
    expect(texts).toEqual({ subject: "Sam", body: "us Reply STOP.", custom: [] });
  });

  it("reads for every lead as its preview does", () => {
    const own: Record<string, string> = {
      firstName: "first_name",
      lastName: "last_name",
      companyName: "company_name",
      personalization: "personal_line",
      email: "email",
    };
    const part = fc.tuple(
      fc.constantFrom(...VARIABLES),
      fc.option(fc.stringMatching(/^[a-z ]{0,8}$/), { nil: undefined }),
      fc.stringMatching(/^[a-z .,]{0,8}$/),
    );
    const template = fc
      .array(part, { maxLength: 8 })
      .map((parts) =>
        parts
          .map(
            ([name, fallback, text]) =>
              `${text}{{${name}${fallback === undefined ? "" : `|${fallback}`}}}`,
          )
          .join(""),
      );
    const values = fc.dictionary(
      fc.constantFrom(...VARIABLES),
      fc.stringMatching(/^[A-Za-z]{0,6}$/),
    );
    fc.assert(
      fc.property(template, values, (body, lead) => {
        const texts = toInstantly({ subject: "", body }, { sender_name: lead.sender_name ?? "" });
        const custom = customValues(texts.custom, lead);
        const sent = texts.body.replace(
          /\{\{(\w+)\}\}/g,
          (_match, key: string) => custom[key] ?? lead[own[key] ?? ""]?.trim() ?? "",
        );
        expect(sent).toBe(render(body, lead));
      }),
    );
  });
});
