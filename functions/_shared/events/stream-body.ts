import type { Clock } from "../safe-fetch/clock.ts";

/** What may lie unread in our memory before a reader counts as slow. */
const BUFFER_BYTES = 256 * 1024;
/** A reader who takes nothing for this long is dropped; she resumes where she was. */
export const SLOW_MS = 20_000;

/**
 * Sends the texts as they come, only as fast as the reader takes them. `gone` is called once, when
 * the stream is over for whatever reason; a failure of `texts` cuts the stream, which the reader
 * takes for a lost connection.
 */
export function streamBody(
  texts: AsyncGenerator<string>,
  clock: Clock,
  gone: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cancelWatch = (): void => {};
  const over = (): void => {
    cancelWatch();
    gone();
    // Where it stands at a `yield`, it would never come to its own end.
    texts.return(undefined).catch(() => {});
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        cancelWatch();
        try {
          const { done, value } = await texts.next();
          if (done === true) {
            over();
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(value));
          cancelWatch = clock.after(SLOW_MS, () => {
            over();
            controller.error(new Error("the reader is too slow"));
          });
        } catch (cause) {
          over();
          controller.error(cause);
        }
      },
      cancel: over,
    },
    { highWaterMark: BUFFER_BYTES, size: (chunk) => chunk.byteLength },
  );
}
