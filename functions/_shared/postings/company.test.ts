import { describe, expect, it } from "vitest";
import {
  companyKey,
  isNamedAfter,
  nameFromToken,
  readCompany,
  registrableDomain,
} from "./company.ts";

describe("registrableDomain", () => {
  it.each([
    ["https://careers.acme.co.uk/jobs", "acme.co.uk"],
    ["www.acme.com", "acme.com"],
    ["acme.de", "acme.de"],
    ["https://www.linkedin.com/company/acme", null],
    ["https://acme.recruitee.com", null],
    ["http://127.0.0.1:8080", null],
    ["not a domain", null],
    [null, null],
  ])("of %s is %s", (value, domain) => expect(registrableDomain(value)).toBe(domain));
});

describe("companyKey", () => {
  it.each([
    ["ACME Inc.", "Acme"],
    ["The Acme Company", "ACME"],
    ["Müller & Söhne GmbH & Co. KG", "Müller und Söhne".replace("und", "and")],
    ["Bank Millennium S.A.", "Bank Millennium"],
    ["Rockwell Sp. z o.o.", "Rockwell"],
    ["Åkerö AB", "Akero"],
  ])("of %s and %s are equal", (one, other) => expect(companyKey(one)).toBe(companyKey(other)));

  it("tells companies apart and survives names that are legal forms only", () => {
    expect(companyKey("Acme Bank")).not.toBe(companyKey("Acme Foods"));
    expect(companyKey("AG")).toBe("ag");
  });
});

describe("isNamedAfter", () => {
  it("knows a company by its domain, and a job board for a stranger", () => {
    expect(isNamedAfter("Rupieper Tiefbau GmbH", "rupieper-tiefbau.de")).toBe(true);
    expect(isNamedAfter("Wallpraxis Winsen", "wallpraxis.de")).toBe(true);
    expect(isNamedAfter("Acme", "jobs.cz")).toBe(false);
  });
});

describe("readCompany", () => {
  it("reads a website written without scheme, and leaves a social profile's domain alone", () => {
    expect(readCompany({ name: " Acme&nbsp;AG ", url: "www.acme.ch" }, null)).toMatchObject({
      name: "Acme AG",
      domain: "acme.ch",
      url: "https://www.acme.ch/",
    });
    expect(readCompany({ url: "https://www.linkedin.com/company/acme" }, null).domain).toBeNull();
  });

  it("makes a board's token readable", () =>
    expect(nameFromToken("acme-robotics")).toBe("Acme Robotics"));
});
