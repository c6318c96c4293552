import { startPracticeSite } from "./server.ts";

/** Runs the practice site alone: `node supabase/embedded/practice-site/main.ts [port]`. */
const site = await startPracticeSite({
  port: Number(process.argv[2] ?? process.env.OTIS_PRACTICE_PORT ?? 54329),
});

console.log(`Practice site: ${site.url}`);
console.log(
  `${site.truth.companies.length} companies, ${site.truth.postings.length} openings, ${site.truth.sources.length} sources`,
);
console.log(`\nOTIS_ALLOW_PRIVATE_HOSTS=${site.allowHosts}`);
for (const [name, value] of Object.entries(site.endpoints)) console.log(`${name}=${value}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void site.close().then(() => process.exit(0));
  });
}
