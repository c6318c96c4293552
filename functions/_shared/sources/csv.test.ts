import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csv } from "./csv.ts";
import { readTable } from "./csv-columns.ts";
import { detectDialect, sampleBytes, UnreadableCsv } from "./csv-dialect.ts";
import { type CsvRecord, readRecords } from "./csv-reader.ts";
import { readEndpoints } from "./endpoints.ts";
import type { Checkpoint, CompanyRow, SourceContext, SourceRef } from "./source.ts";

async function* chunks(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}

async function gather(records: AsyncIterable<CsvRecord>): Promise<CsvRecord[]> {
  const all: CsvRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}

async function readAll(body: Uint8Array, size = 7): Promise<CsvRecord[]> {
  const dialect = detectDialect(body.subarray(0, sampleBytes));
  return await gather(
    readRecords(chunks(body.subarray(dialect.start), size), dialect, dialect.start),
  );
}
const cells = async (text: string) =>
  (await readAll(Buffer.from(text))).map((record) => record.fields);

describe("a CSV file", () => {
  it.each([
    [
      "commas in quotes",
      'a,b\n"x, y",z',
      [
        ["a", "b"],
        ["x, y", "z"],
      ],
    ],
    [
      "semicolons and a byte order mark",
      "\uFEFFname;city\r\nAcme;Bonn, am Rhein\r\n",
      [
        ["name", "city"],
        ["Acme", "Bonn, am Rhein"],
      ],
    ],
    [
      "tabs",
      "a\tb\n1,5\t2",
      [
        ["a", "b"],
        ["1,5", "2"],
      ],
    ],
    [
      "Excel's sep line",
      "sep=;\na;b\n1;2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "old Mac line ends in and out of quotes",
      'a,b\r"x\ry",2\r',
      [
        ["a", "b"],
        ["x\ry", "2"],
      ],
    ],
    [
      "mixed line ends and blank lines",
      "a,b\n1,2\r\n\r\n3,4\r5,6",
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4"],
        ["5", "6"],
      ],
    ],
    [
      "escaped quotes",
      'a,b\n"say ""hi""",2',
      [
        ["a", "b"],
        ['say "hi"', "2"],
      ],
    ],
    [
      "stray quotes",
      `a,b\n37°36'37.8"N,x`,
      [
        ["a", "b"],
        [`37°36'37.8"N`, "x"],
      ],
    ],
    ["ragged rows", "a,b\n1\n1,2,3", [["a", "b"], ["1"], ["1", "2", "3"]]],
    [
      "NUL bytes",
      "a,b\n\0,2",
      [
        ["a", "b"],
        ["\0", "2"],
      ],
    ],
    [
      "a quote that is never closed",
      'a,b\n1,2\n3,"4\n5,6',
      [
        ["a", "b"],
        ["1", "2"],
        ["3", "4\n5,6"],
      ],
    ],
  ])("is read with %s", async (_, text, records) => expect(await cells(text)).toEqual(records));

  it("is read in UTF-8, UTF-16 and old Western and Central European encodings", async () => {
    const text = "name,ort\nBäckerei Müller,Köln – Süd\n";
    const wide = Buffer.from(`\uFEFF${text}`, "utf16le");
    const western = Buffer.from(text.replace("–", "\x96"), "latin1");
    for (const body of [Buffer.from(text), wide, Buffer.from(wide).swap16(), western]) {
      expect((await readAll(body))[1]?.fields).toEqual(["Bäckerei Müller", "Köln – Süd"]);
    }
  });

  it("decodes a field for itself when it is not in the file's encoding", async () => {
    const body = Buffer.concat([
      Buffer.from("name\nÉcole\n"),
      Buffer.from(`${"x".repeat(50_000)}\n`.repeat(25)),
      Buffer.from("Caf\xe9\n", "latin1"),
    ]);
    const records = await readAll(body, 65_536);
    expect(records[1]?.fields).toEqual(["École"]);
    expect(records.at(-1)?.fields).toEqual(["Café"]);
  });

  it.each([
    ["an empty file", Buffer.alloc(0), /empty/],
    ["an Excel workbook", Buffer.from("PK\x03\x04rest"), /Excel/],
    ["a web page", Buffer.from("<!doctype html><p>Sign in"), /web page/],
    ["an image", Buffer.from(Array.from({ length: 200 }, (_, index) => index % 7)), /no text/],
  ])("is refused when it is %s", (_, body, reason) => {
    expect(() => detectDialect(body)).toThrow(UnreadableCsv);
    expect(() => detectDialect(body)).toThrow(reason);
  });

  it("says so when an open quote swallows everything", async () => {
    await expect(readAll(Buffer.from(`a,b\n1,"${"x".repeat(2_000_000)}`), 65_536)).rejects.toThrow(
      /never closed/,
    );
  });

  it("gives back what was written, however it comes in pieces, and every record's end resumes it", async () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "é", "😀", " ", ",", ";", '"', "\n", "\r\n", "1"),
    });
    // A blank line is no record, and a lone first cell may be taken for a header of anything.
    const table = fc.array(fc.tuple(fc.constant("x"), cell, cell), { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(",", ";", "\t"),
        fc.integer({ min: 1, max: 40 }),
        async (rows, delimiter, size) => {
          const written = [["name", "text", "more"], ...rows];
          const body = Buffer.from(stringify(written, { delimiter, quoted: true }));
          const dialect = { encoding: "utf-8", start: 0, delimiter };
          const read = await gather(readRecords(chunks(body, size), dialect, 0));
          expect(read.map((record) => record.fields)).toEqual(written);
          const middle = read[1];
          if (middle === undefined) return;
          const rest = await gather(
            readRecords(chunks(body.subarray(middle.end), size), dialect, middle.end),
          );
          expect(rest).toEqual(read.slice(2));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("readTable", () => {
  it.each([
    [["Firmenname ", "Stadt", "E-Mail"], { name: 0, city: 1, email: 2 }],
    [["id", "company_name", "website", "country"], { name: 1, website: 2, country: 3 }],
    [
      ["Company", "Careers / Job Board URL", "ATS", "ATS Identifier"],
      { name: 0, careers: 1, board: 2, boardToken: 3 },
    ],
    [["ENTREPRISE", "VILLE", "Poste"], { name: 0, city: 1 }],
    [["", "naam_bedrijf", "plaats"], { name: 1, city: 2 }],
  ])("finds companies in the columns %s", (header, columns) => {
    expect(readTable([header, header.map(() => "x")])).toMatchObject({
      kind: "companies",
      hasHeader: true,
      columns,
    });
  });

  it("tells a file of postings from a file of companies", () => {
    expect(readTable([["Job Title", "Company", "City"]])).toMatchObject({ kind: "jobs" });
  });

  it("tells columns without header by what stands in them", () => {
    expect(
      readTable([
        ["Acme GmbH", "acme.de"],
        ["Bolt AG", "https://bolt.ch"],
      ]),
    ).toEqual({
      kind: "companies",
      header: ["Acme GmbH", "acme.de"],
      hasHeader: false,
      columns: { name: 0, website: 1 },
    });
  });

  it("takes a list of people for no file of postings", () => {
    expect(readTable([["Name", "Email", "Position", "Company"]])).toMatchObject({
      kind: "companies",
    });
  });

  it("has no use for a table without companies", () =>
    expect(
      readTable([
        ["a", "b"],
        ["1", "2"],
      ]),
    ).toBeNull());
});

describe("the CSV source", () => {
  const ref: SourceRef = {
    kind: "csv",
    key: "csv:x",
    label: "x",
    target: "https://files.example.com/x.csv",
  };
  const context = (body: Uint8Array, opened: number[] = []): SourceContext => ({
    fetch: async (url) => ({ status: 200, url, headers: new Headers(), contentType: null, body }),
    open: async (_url, { from }) => {
      opened.push(from);
      return {
        status: 206,
        from,
        size: body.length,
        stream: new Blob([new Uint8Array(body.subarray(from))]).stream(),
      };
    },
    signal: new AbortController().signal,
    clock: { now: () => Date.UTC(2026, 0, 1) },
    endpoints: readEndpoints(() => undefined),
  });

  async function run(ctx: SourceContext) {
    const companies: CompanyRow[] = [];
    let checkpoint: Checkpoint | null = null;
    for (;;) {
      const result = await csv.step(ctx, ref, checkpoint);
      companies.push(...result.companies);
      if (result.next === null) return { ...result, companies };
      checkpoint = JSON.parse(JSON.stringify(result.next));
    }
  }

  it("reads a long file in steps, each from the byte where the last one ended", async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => `Company ${index},c${index}.example\n`);
    const opened: number[] = [];
    const result = await run(context(Buffer.from(`name,website\n${rows.join("")}`), opened));
    expect(result.companies).toHaveLength(2500);
    expect(new Set(result.companies.map((row) => row.name)).size).toBe(2500);
    expect(result).toMatchObject({
      outcome: "found",
      exhaustive: true,
      progress: { done: 2500, total: 2500 },
    });
    expect(opened).toEqual([0, ...opened.slice(1).sort((a, b) => a - b)]);
    expect(opened).toHaveLength(3);
  });

  it("reads the same when the server cannot begin in the middle", async () => {
    const rows = Array.from({ length: 1500 }, (_, index) => `Company ${index}\n`);
    const body = Buffer.from(`name\n${rows.join("")}`);
    const { open: _, ...whole } = context(body);
    expect((await run(whole)).companies).toHaveLength(1500);
  });

  it("names each company once, with the board or careers page the file gives", async () => {
    const body = Buffer.from(
      "Company,Careers URL,ats,identifier\nAcme,https://jobs.lever.co/acme,,\nAcme Inc.,,,\nBolt,,greenhouse,bolt\nCarl,https://carl.example/jobs,,\n,,,\n",
    );
    const { companies } = await run(context(body));
    expect(companies.map(({ name, source }) => [name, source?.key])).toEqual([
      ["Acme", "lever:acme"],
      ["Bolt", "greenhouse:bolt"],
      ["Carl", "careers_page:https://carl.example/jobs"],
    ]);
    expect(companies[1]?.source?.company).toEqual({ name: "Bolt", domain: null });
  });

  it("takes a mail domain for the company's only if the name agrees", async () => {
    const { companies } = await run(
      context(
        Buffer.from("Firma,E-Mail\nAcme Bau GmbH,info@acme-bau.de\nHuber,huber@provider.at\n"),
      ),
    );
    expect(companies.map(({ domain }) => domain)).toEqual(["acme-bau.de", null]);
  });

  it("reads postings out of a file of postings", async () => {
    const body = Buffer.from(
      'Title,Company,Location,Posted\n"Baker, Senior",Acme,"Bonn, Germany",2026-01-02\n,Bolt,,\n',
    );
    const result = await csv.step(context(body), ref, null);
    expect(result).toMatchObject({
      outcome: "found",
      postings: [
        {
          title: "Baker, Senior",
          company: { name: "Acme" },
          location: { city: "Bonn", country: "DE" },
          postedAt: "2026-01-02T00:00:00.000Z",
        },
      ],
    });
  });

  it("explains what it cannot use", async () => {
    expect(await csv.step(context(Buffer.from("a,b\n1,2\n")), ref, null)).toMatchObject({
      outcome: "failed",
      message: expect.stringContaining("Its columns are: a, b"),
    });
    expect(await csv.step(context(Buffer.from("name,city\n")), ref, null)).toMatchObject({
      outcome: "zero",
    });
  });

  it("does not know a file that does not exist", async () => {
    const open = async () => ({ status: 404, stream: new Blob([]).stream(), from: 0, size: null });
    const result = await csv.step({ ...context(Buffer.from("")), open }, ref, null);
    expect(result).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("does not exist"),
    });
  });
});
