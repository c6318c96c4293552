/** The sites of `bench:scrape`: each a host of its own with a careers page and a page of some 20 KB per posting. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const sites = Number(process.argv[2]);
const pagesPerSite = Number(process.argv[3]);

const paragraph =
  "<p>You plan, build and look after systems that thousands of people rely on every day, together with colleagues who care about craft, about each other, and about going home on time.</p>";
const navigation = Array.from(
  { length: 60 },
  (_, n) =>
    `<li class="nav__item"><a class="nav__link" href="/about/section-${n}">Section ${n}</a></li>`,
).join("");

const layout = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><nav><ul>${navigation}</ul></nav><main>${body}</main><footer>${paragraph.repeat(3)}</footer></body></html>`;

function careers(): string {
  const links = Array.from(
    { length: pagesPerSite },
    (_, n) => `<li><a href="/jobs/${n}-engineer">Engineer, team ${n}</a></li>`,
  );
  return layout("Careers", `<h1>Open positions</h1><ul>${links.join("")}</ul>`);
}

function detail(site: number, n: number): string {
  const description = paragraph.repeat(25);
  const posting = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    title: `Engineer, team ${n}`,
    description,
    identifier: { "@type": "PropertyValue", value: `${site}-${n}` },
    datePosted: "2026-10-01",
    employmentType: "FULL_TIME",
    hiringOrganization: { "@type": "Organization", name: `Company ${site}` },
    jobLocation: {
      "@type": "Place",
      address: { addressLocality: "Utrecht", addressCountry: "NL" },
    },
    baseSalary: {
      "@type": "MonetaryAmount",
      currency: "EUR",
      value: { minValue: 50_000 + n, maxValue: 70_000 + n, unitText: "YEAR" },
    },
  };
  const data = JSON.stringify(posting).replaceAll("</", "<\\/");
  return layout(
    posting.title,
    `<h1>${posting.title}</h1>${description}<script type="application/ld+json">${data}</script>`,
  );
}

const origins = await Promise.all(
  Array.from({ length: sites }, async (_, site) => {
    const pages = new Map([["/careers", careers()]]);
    for (let n = 0; n < pagesPerSite; n += 1) pages.set(`/jobs/${n}-engineer`, detail(site, n));
    const server = createServer((request, response) => {
      const page = pages.get(request.url ?? "");
      if (page === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }),
);
console.log(JSON.stringify(origins));
// Lives as long as whoever started it.
process.stdin.resume().on("end", () => process.exit());
