/** A stream that calls `finish` once it is read, cancelled or broken. */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array>,
  finish: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        controller.close();
      } catch (cause) {
        controller.error(cause);
      }
      finish();
    },
    async cancel() {
      // Closes the connection first: a read that is under way would keep the generator from returning.
      finish();
      await pieces.return(undefined);
    },
  });
}

/** Which part of the file an answer holds: from which byte, of how many (null when it does not tell). */
export function extentOf(status: number, headers: Headers): { from: number; size: number | null } {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  if (status === 206 && range !== null) {
    return { from: Number(range[1]), size: range[2] === "*" ? null : Number(range[2]) };
  }
  const length = headers.get("content-length");
  const known = length !== null && headers.get("content-encoding") === null;
  return { from: 0, size: known ? Number(length) : null };
}
