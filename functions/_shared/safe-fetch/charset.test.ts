import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { decodeText, parseContentType } from "./charset.ts";

const encode = (text: string, charset: string) => new Uint8Array(iconv.encode(text, charset));
const german = "<p>Bürokaufmann (m/w/d) in Köln – 45.000 €</p>";

describe("parseContentType", () => {
  it.each([
    ["text/html; charset=utf-8", "text/html", "utf-8"],
    ['Text/HTML;Charset="ISO-8859-1"', "text/html", "ISO-8859-1"],
    ["application/json", "application/json", null],
    ["", null, null],
    [null, null, null],
  ])("reads %j", (header, mediaType, charset) => {
    expect(parseContentType(header)).toEqual({ mediaType, charset });
  });
});

describe("decodeText", () => {
  it("believes a byte order mark above all and removes it", () => {
    expect(decodeText(encode(`\uFEFF${german}`, "utf-8"), "iso-8859-1")).toEqual({
      text: german,
      charset: "utf-8",
    });
    const wide = new Uint8Array(iconv.encode(german, "utf-16le", { addBOM: true }));
    expect(decodeText(wide, "utf-8")).toEqual({ text: german, charset: "utf-16le" });
  });

  it.each(["windows-1252", "iso-8859-15", "shift_jis", "gb18030", "koi8-r", "windows-1250"])(
    "follows a header that says %s",
    (charset) => {
      const sample = { shift_jis: "求人情報", gb18030: "招聘信息", "koi8-r": "Вакансии в Москве" };
      const text = sample[charset as keyof typeof sample] ?? "Bürokaufmann in Köln";
      expect(decodeText(encode(text, charset), charset).text).toBe(text);
    },
  );

  it("reads the document's own declaration when the header is silent", () => {
    const meta = `<html><head><meta charset="windows-1251"></head>Вакансии`;
    expect(decodeText(encode(meta, "windows-1251"), null).text).toBe(meta);
    const old = `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">Łódź`;
    expect(decodeText(encode(old, "iso-8859-2"), null).text).toBe(old);
    const xml = `<?xml version="1.0" encoding="ISO-8859-1"?><job>Köln</job>`;
    expect(decodeText(encode(xml, "iso-8859-1"), null).text).toBe(xml);
  });

  it("keeps UTF-8 although the header claims Latin-1", () => {
    expect(decodeText(encode(german, "utf-8"), "iso-8859-1")).toEqual({
      text: german,
      charset: "utf-8",
    });
  });

  it("keeps Latin-1 although the header claims UTF-8", () => {
    expect(decodeText(encode(german, "windows-1252"), "utf-8")).toEqual({
      text: german,
      charset: "windows-1252",
    });
    const meta = `<meta charset="iso-8859-2">Łódź`;
    expect(decodeText(encode(meta, "iso-8859-2"), "utf-8").text).toBe(meta);
  });

  it("takes UTF-8 for granted and survives labels nobody knows", () => {
    expect(decodeText(encode(german, "utf-8"), null).text).toBe(german);
    expect(decodeText(encode(german, "utf-8"), "x-martian").text).toBe(german);
    const lying = `<meta charset="utf-16">${german}`;
    expect(decodeText(encode(lying, "utf-8"), null).text).toBe(lying);
    expect(decodeText(new Uint8Array(0), null).text).toBe("");
  });
});
