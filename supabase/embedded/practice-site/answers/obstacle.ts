import { type Answer, notFound, type Visit } from "./answer.ts";

/** Pages on which there is nothing to find, each for another reason. */
export function obstacleAnswer({ slug, path, siteOf }: Visit): Answer {
  if (path === "/robots.txt")
    return {
      type: "text/plain",
      body: slug === "robots" ? "User-agent: *\nDisallow: /\n" : "User-agent: *\nAllow: /\n",
    };
  if (path === "/sitemap.xml" || slug === null) return notFound;
  switch (slug) {
    case "leeg":
      return { body: page("Werken bij Leeg", "<p>Op dit moment hebben wij geen vacatures.</p>") };
    case "inloggen":
      return {
        status: 401,
        headers: { "www-authenticate": 'Basic realm="Intranet"' },
        body: page(
          "Inloggen",
          '<form method="post"><input name="user"><input type="password" name="password"><button>Inloggen</button></form>',
        ),
      };
    case "rondje":
      return { status: 302, headers: { location: `${siteOf(slug)}${path}` }, body: "" };
    case "robots":
      return { body: page("Vacatures", "<p>Wie dit leest, heeft robots.txt niet gelezen.</p>") };
    default:
      return notFound;
  }
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
}
