import type { Answer, Visit } from "./answer.ts";

/** Where the boards really are; `{company}` stands for the tenant where each has a host of its own. */
const BOARDS: Readonly<Record<string, string>> = {
  greenhouse: "https://boards-api.greenhouse.io",
  lever: "https://api.lever.co",
  ashby: "https://api.ashbyhq.com",
  recruitee: "https://{company}.recruitee.com",
  personio: "https://{company}.jobs.personio.de",
  smartrecruiters: "https://api.smartrecruiters.com",
  workable: "https://apply.workable.com",
};

/** Sends a request for a board of somebody else on to the vendor, so that real boards work beside the made-up ones. */
export function passThrough({ path, query }: Pick<Visit, "path" | "query">): Answer | null {
  const [, board = "", rest = ""] = /^\/boards\/([a-z]+)(\/.*)$/.exec(path) ?? [];
  const base = BOARDS[board];
  if (base === undefined) return null;
  const [, company = "", tenantRest = ""] = /^\/([^/]+)(\/.*)$/.exec(rest) ?? [];
  const target = base.includes("{company}")
    ? `${base.replace("{company}", company)}${tenantRest}`
    : `${base}${rest}`;
  const search = query.size === 0 ? "" : `?${query}`;
  return { status: 307, headers: { location: `${target}${search}` }, body: "" };
}

/** Whether a board's path names one of the made-up companies. */
export const names = (path: string, slugs: readonly string[]): boolean =>
  path.split("/").some((segment) => slugs.includes(segment));
