import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Troubles, Visit } from "./answers/answer.ts";
import { boardAnswer } from "./answers/board.ts";
import { companyAnswer } from "./answers/company.ts";
import { jobSiteAnswer } from "./answers/job-site.ts";
import { obstacleAnswer } from "./answers/obstacle.ts";
import { names, passThrough } from "./answers/pass-through.ts";
import type { Company } from "./company.ts";
import { STYLESHEET } from "./pages/site-page.ts";
import { startPage } from "./pages/start-page.ts";
import { buildWorld, describeWorld, JOB_SITE, OBSTACLES, type Truth } from "./world.ts";

export interface PracticeSite {
  /** The start page, which lists all sources. */
  url: string;
  port: number;
  /** Everything that there is to find. */
  truth: Truth;
  /** Base addresses of the boards' APIs, by the name of the setting (`OTIS_ENDPOINT_GREENHOUSE`, …). */
  endpoints: Record<string, string>;
  /** Value of `OTIS_ALLOW_PRIVATE_HOSTS` that opens every host of this site. */
  allowHosts: string;
  /** How often each path was asked for, by slug (or host) and path. */
  visits: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface PracticeSiteOptions {
  /** 0 (the default) takes a free one. */
  port?: number;
  /** What "posted three days ago" counts from. */
  today?: Date;
  /** Send requests for boards of others on to the vendors, instead of answering that there are none. */
  passOn?: boolean;
  /** Tests take them lightly. */
  troubles?: Troubles;
}

const TROUBLES: Troubles = { slowMs: 3000, pauseSeconds: 1 };

/**
 * Serves about 40 made-up companies on loopback, each under a host of its own (`slug.localhost`, which
 * RFC 6761 keeps on the machine) and under `/c/slug/` for programs that cannot resolve such names.
 */
export async function startPracticeSite(options: PracticeSiteOptions = {}): Promise<PracticeSite> {
  const companies = buildWorld(options.today ?? new Date());
  const slugs = [...companies.map(({ slug }) => slug), "leeg-bord", "bestaat-niet"];
  const troubles = options.troubles ?? TROUBLES;
  const visits = new Map<string, number>();
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const port = await listen(server, options.port ?? 0);
  const site = (slug: string): string => `http://${slug}.localhost:${port}`;
  const truth = describeWorld(companies, site);
  const url = `http://localhost:${port}/`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const visit = { ...readVisit(request, port), troubles };
    const key = `${visit.slug ?? visit.host}${visit.path}`;
    visits.set(key, (visits.get(key) ?? 0) + 1);
    const passed = options.passOn && !names(visit.path, slugs) ? passThrough(visit) : null;
    const answer =
      passed ?? route({ ...visit, earlier: (visits.get(key) ?? 1) - 1 }, companies, truth, url);
    for (const [name, value] of Object.entries(answer.headers ?? {}))
      response.setHeader(name, value);
    response.writeHead(answer.status ?? 200, {
      "content-type": answer.type ?? "text/html; charset=utf-8",
    });
    if (request.method === "HEAD") response.end();
    else await send(response, answer);
  }

  return {
    url,
    port,
    truth,
    endpoints: endpointsOf(`http://localhost:${port}`),
    allowHosts: ["localhost", ...hostNames(companies)].map((host) => `${host}:${port}`).join(","),
    visits,
    close: () => close(server),
  };
}

function route(visit: Visit, companies: Company[], truth: Truth, url: string): Answer {
  if (visit.path === "/practice.css") return { type: "text/css", body: STYLESHEET };
  if (visit.slug === null) {
    if (visit.path === "/") return { body: startPage(truth, url) };
    if (visit.path === "/truth.json")
      return { type: "application/json", body: JSON.stringify(truth) };
    return boardAnswer(visit, companies);
  }
  if (visit.slug === JOB_SITE.slug) return jobSiteAnswer(visit, companies);
  if (visit.slug in OBSTACLES) return obstacleAnswer(visit);
  const company = companies.find(({ slug }) => slug === visit.slug);
  return company === undefined ? { status: 404, body: "Not here" } : companyAnswer(visit, company);
}

function readVisit(request: IncomingMessage, port: number): Omit<Visit, "earlier" | "troubles"> {
  const host = (request.headers.host ?? "localhost").replace(/:\d+$/, "").toLowerCase();
  const url = new URL(request.url ?? "/", "http://localhost");
  const named = /^([a-z0-9-]+)\.localhost$/.exec(host)?.[1] ?? null;
  const byPath = named === null ? /^\/c\/([a-z0-9-]+)(\/.*)?$/.exec(url.pathname) : null;
  // Whoever resolves names under .localhost is sent on by host, everybody else by path.
  const byHost = byPath === null && (named !== null || host === "localhost");
  const siteOf = (slug: string): string =>
    byHost ? `http://${slug}.localhost:${port}` : `http://${request.headers.host}/c/${slug}`;
  return {
    host,
    slug: named ?? byPath?.[1] ?? null,
    path: byPath === null ? url.pathname : (byPath[2] ?? "/"),
    query: url.searchParams,
    siteOf,
  };
}

/** A slow answer comes in pieces; whoever goes away ends it. */
async function send(response: ServerResponse, { body, dripMs }: Answer): Promise<void> {
  if (dripMs === undefined) {
    response.end(body);
    return;
  }
  const size = Math.ceil(body.length / 5);
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    await new Promise((resolve) => setTimeout(resolve, dripMs / 5));
    response.write(body.slice(start, start + size));
  }
  response.end();
}

/** The settings that point OTIS at this site's boards; see `functions/_shared/sources/endpoints.ts`. */
function endpointsOf(base: string): Record<string, string> {
  const plain = ["GREENHOUSE", "LEVER", "LEVER_EU", "ASHBY", "SMARTRECRUITERS", "WORKABLE"];
  const tenanted = ["RECRUITEE", "PERSONIO"];
  return Object.fromEntries([
    ...plain.map((name) => [
      `OTIS_ENDPOINT_${name}`,
      `${base}/boards/${name.toLowerCase().replace("_eu", "")}`,
    ]),
    ...tenanted.map((name) => [
      `OTIS_ENDPOINT_${name}`,
      `${base}/boards/${name.toLowerCase()}/{company}`,
    ]),
  ]);
}

function hostNames(companies: Company[]): string[] {
  return [...companies.map(({ slug }) => slug), JOB_SITE.slug, ...Object.keys(OBSTACLES)].map(
    (slug) => `${slug}.localhost`,
  );
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
