import { type Fields, fields, list } from "./json.ts";

/** No honest page nests deeper; a hostile one must not exhaust the stack. */
const maxDepth = 40;

/** The types of a node, without vocabulary: "http://schema.org/JobPosting" and "schema:JobPosting" too. */
export function typesOf(node: Fields): string[] {
  const types = node["@type"] ?? node.type;
  return (Array.isArray(types) ? types : [types])
    .filter((type) => typeof type === "string")
    .map((type) =>
      type
        .trim()
        .replace(/^.*[/#:]/, "")
        .toLowerCase(),
    );
}

export function isJobPosting(node: Fields): boolean {
  return typesOf(node).includes("jobposting");
}

/**
 * Every JobPosting in a set of linked-data documents, wherever it stands (@graph, arrays, item
 * lists, nested under a WebPage), with references by @id replaced by the node they name.
 */
export function findJobPostings(documents: readonly unknown[]): Fields[] {
  const byId = new Map<string, Fields>();
  const found: Fields[] = [];
  const visit = (value: unknown, depth: number) => {
    if (depth > maxDepth) return;
    for (const item of list(value)) visit(item, depth + 1);
    const node = fields(value);
    if (node === null) return;
    const id = node["@id"];
    if (typeof id === "string" && Object.keys(node).length > 1) byId.set(id, node);
    if (isJobPosting(node)) found.push(node);
    for (const child of Object.values(node)) {
      if (typeof child === "object" && child !== null) visit(child, depth + 1);
    }
  };
  visit(documents, 0);
  return found.map((node) => resolveReferences(node, byId));
}

/** One level is enough: what a posting refers to is its organisation and its places. */
function resolveReferences(node: Fields, byId: ReadonlyMap<string, Fields>): Fields {
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    const reference = fields(value);
    const id = reference?.["@id"];
    if (reference === null || typeof id !== "string" || Object.keys(reference).length > 2)
      return value;
    return byId.get(id) ?? value;
  };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
}
