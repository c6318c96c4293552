import { describe, expect, it } from "vitest";
import { parseLocation, parseWorkplace } from "./location.ts";

const read = (raw: string) => {
  const { city, region, country, workplace } = parseLocation({ raw });
  return [city, region, country, workplace];
};

describe("parseLocation out of free text", () => {
  it.each([
    ["San Francisco, CA", "San Francisco", "California", "US", null],
    ["Santa Clara, Ca", "Santa Clara", "California", "US", null],
    ["Berlin, DE", "Berlin", null, "DE", null],
    ["Maastricht, NL", "Maastricht", null, "NL", null],
    ["Bengaluru, IN", "Bengaluru", null, "IN", null],
    ["Indianapolis, IN", "Indianapolis", "Indiana", "US", null],
    ["Seoul, South Korea", "Seoul", null, "KR", null],
    ["UK, London", "London", null, "GB", null],
    ["Portugal - Lisbon", "Lisbon", null, "PT", null],
    ["München, Deutschland", "München", null, "DE", null],
    ["New York City NY USA", "New York", "New York", "US", null],
    ["Remote (United States)", null, null, "US", "remote"],
    ["Remote - Germany", null, null, "DE", "remote"],
    ["US-Remote", null, null, "US", "remote"],
    ["Hybrid, Paris, France", "Paris", null, "FR", "hybrid"],
    ["London, UK; Ontario, CAN; Remote", "London", null, "GB", "remote"],
    ["NYC, SF", "New York", null, null, null],
    ["Opolska 114, Kraków", "Kraków", null, null, null],
    ["ul. Polna 4, 70-653 Szczecin", "Szczecin", null, null, null],
    ["EMEA", null, null, null, null],
    ["N/A", null, null, null, null],
    ["Anywhere in the World", null, null, null, "remote"],
  ])("takes %s apart", (raw, city, region, country, workplace) => {
    expect(read(raw)).toEqual([city, region, country, workplace]);
  });

  it("keeps the text of all places beside the first", () => {
    expect(parseLocation({ raw: "Paris;  Lyon &amp; Nice" }).raw).toBe("Paris; Lyon & Nice");
  });
});

describe("parseLocation out of fields", () => {
  it("composes the text and knows countries by name, alpha-2 and alpha-3", () => {
    const fields = { street: "Hauptstraße 1", postalCode: "44627", city: "Herne" };
    const raw = "Hauptstraße 1, 44627, Herne, DEU";
    expect(parseLocation({ ...fields, country: "DEU" })).toEqual({
      raw,
      city: "Herne",
      region: null,
      country: "DE",
      workplace: null,
    });
    expect(parseLocation({ country: "Niederlande" }).country).toBe("NL");
    expect(parseLocation({ country: "us" }).country).toBe("US");
  });

  it("takes a postal code for no city", () => {
    expect(parseLocation({ city: "15000", postalCode: "15000", country: "CZ" }).city).toBeNull();
  });

  it("writes a region out and learns the country from it", () => {
    expect(parseLocation({ city: "Austin", region: "TX" })).toMatchObject({
      region: "Texas",
      country: "US",
    });
  });

  it("lets a stated workplace win over what the text says", () => {
    expect(parseLocation({ raw: "Remote", workplace: "Hybrid" }).workplace).toBe("hybrid");
    expect(parseLocation({ raw: "Berlin", remote: true }).workplace).toBe("remote");
    expect(parseWorkplace("TELECOMMUTE")).toBe("remote");
    expect(parseWorkplace("unspecified")).toBeNull();
  });
});
