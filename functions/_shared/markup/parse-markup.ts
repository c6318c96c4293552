import { type Document, DomHandler, type DomHandlerOptions } from "domhandler";
import { Parser, type ParserOptions } from "htmlparser2";

/** Deeper than any page or feed; the parser's time grows with the square of the depth. */
export const maxDepth = 1_000;

class TooDeep extends Error {}

class BoundedHandler extends DomHandler {
  override onopentag(name: string, attribs: Record<string, string>): void {
    if (this.tagStack.length > maxDepth) throw new TooDeep();
    super.onopentag(name, attribs);
  }
}

/**
 * Parses HTML, or XML by `xmlMode`, from anywhere. Never throws: a document ends where elements are
 * nested deeper than `maxDepth`, which only hostile ones are.
 */
export function parseMarkup(source: string, options: ParserOptions & DomHandlerOptions): Document {
  const handler = new BoundedHandler(undefined, options);
  try {
    new Parser(handler, options).end(source);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return handler.root;
}
