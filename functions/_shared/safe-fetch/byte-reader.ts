/** Thrown when the peer ends or misbehaves in the middle of a message; callers name the host. */
export class MalformedMessage extends Error {}

const LF = 10;
const latin1 = new TextDecoder("latin1");

/** Reads lines and counted bytes from a source that hands out chunks of any size. */
export class ByteReader {
  #rest: Uint8Array = new Uint8Array(0);
  readonly #source: () => Promise<Uint8Array | null>;

  constructor(source: () => Promise<Uint8Array | null>) {
    this.#source = source;
  }

  /** Bytes that came in but were not asked for yet. */
  get buffered(): number {
    return this.#rest.length;
  }

  /** The next line without its CRLF or LF; longer than `max` bytes is malformed. Null at a clean end. */
  async line(max: number): Promise<string | null> {
    let text = "";
    for (;;) {
      const end = this.#rest.indexOf(LF);
      text += latin1.decode(this.#rest.subarray(0, end < 0 ? this.#rest.length : end));
      if (text.length > max) throw new MalformedMessage("a header line is too long");
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 1);
        return text.endsWith("\r") ? text.slice(0, -1) : text;
      }
      const chunk = await this.#source();
      if (chunk === null) {
        if (text === "") return null;
        throw new MalformedMessage("it ended within a header");
      }
      this.#rest = chunk;
    }
  }

  /** Whatever comes next, at most `max` bytes; null at the end. */
  async some(max: number): Promise<Uint8Array | null> {
    if (this.#rest.length === 0) {
      const chunk = await this.#source();
      if (chunk === null) return null;
      this.#rest = chunk;
    }
    const piece = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}
