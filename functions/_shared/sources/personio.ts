import { type Element, isTag } from "domhandler";
import { buildPosting } from "../postings/build-posting.ts";
import { type Board, boardSource } from "./board.ts";
import { type BoardPage, NotThisBoard, type ParseContext } from "./board-page.ts";
import { bodyText } from "./body-text.ts";
import { tenantEndpoint } from "./endpoints.ts";
import { walk } from "./markup-items.ts";
import { childElements, childText, ownText, parseXml, UnreadableXml } from "./xml.ts";

/** Personio's XML feed (developer.personio.de): `<workzag-jobs><position>`, one answer per tenant. */
export function parsePersonio(body: Uint8Array, from: ParseContext): BoardPage {
  const positions: Element[] = [];
  let isFeed = false;
  try {
    walk(parseXml(bodyText(body, from.contentType)), (node) => {
      if (!isTag(node)) return;
      if (node.name === "workzag-jobs") isFeed = true;
      if (node.name === "position") positions.push(node);
    });
  } catch (error) {
    if (error instanceof UnreadableXml) throw new NotThisBoard(error.message);
    throw error;
  }
  if (!isFeed && positions.length === 0) throw new NotThisBoard();
  const postings = positions
    .map((position) => toPosting(position, from))
    .filter((posting) => posting !== null);
  return {
    postings,
    skipped: positions.length - postings.length,
    total: null,
    entries: positions.length,
  };
}

function toPosting(position: Element, from: ParseContext) {
  const id = childText(position, "id") ?? position.attribs.id;
  const offices = [
    childText(position, "office"),
    ...childElements(position, "additionalOffices").flatMap((more) =>
      childElements(more, "office").map(ownText),
    ),
  ].filter((office) => office !== null);
  return buildPosting(
    {
      externalId: id,
      url: childText(position, "url", "jobUrl") ?? (id === undefined ? null : `/job/${id}`),
      title: childText(position, "name"),
      company: { name: childText(position, "subcompany") },
      location: { raw: offices.join("; ") || null },
      employmentType: [childText(position, "schedule"), childText(position, "employmentType")],
      department: childText(position, "department"),
      postedAt: childText(position, "createdAt"),
      description: descriptionOf(position),
    },
    { base: from.url },
  );
}

function descriptionOf(position: Element): string {
  return childElements(position, "jobDescriptions")
    .flatMap((descriptions) => childElements(descriptions, "jobDescription"))
    .map((part) => {
      const heading = childText(part, "name");
      return `${heading === null ? "" : `<h3>${heading}</h3>`}<div>${childText(part, "value") ?? ""}</div>`;
    })
    .join("");
}

/** Where Personio has its boards; a client may name any `tld`, and it becomes part of the host. */
const tlds = ["de", "com", "es", "fr", "it", "nl"];

export const personioBoard: Board = {
  kind: "personio",
  vendor: "Personio",
  pageSize: null,
  find(url) {
    const [, token, tld] = /^([\w-]+)\.jobs\.personio\.(\w+)$/.exec(url.hostname) ?? [];
    if (token === undefined || tld === undefined || !tlds.includes(tld)) return null;
    return { token, options: { tld } };
  },
  listUrl(endpoints, ref) {
    const tld = tlds.find((known) => known === ref.options?.tld) ?? "de";
    const template = endpoints.personio.replace(/\.personio\.de$/, `.personio.${tld}`);
    return `${tenantEndpoint(template, ref.target)}/xml?language=en`;
  },
  parse: parsePersonio,
};

export const personio = boardSource(personioBoard);
