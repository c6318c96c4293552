/** A function for the tests of the functions' runtime: each path shows one thing. */
declare const Deno: {
  serve(handler: (request: Request) => Response | Promise<Response>): void;
  env: { toObject(): Record<string, string> };
  readTextFile(path: string): Promise<string>;
  exit(code: number): never;
};
declare const EdgeRuntime: { waitUntil(promise: Promise<unknown>): void };

let finished = 0;
let streamsLeft = 0;

Deno.serve(async (request) => {
  const { pathname } = new URL(request.url);
  switch (pathname.slice("/probe".length)) {
    case "/echo":
      return Response.json({
        method: request.method,
        pathname,
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      });
    case "/env":
      return Response.json(Deno.env.toObject());
    case "/throw":
      throw new Error("thrown on purpose");
    case "/reject":
      void Promise.reject(new Error("rejected on purpose"));
      return new Response("sent");
    case "/crash":
      return Deno.exit(3);
    case "/background":
      EdgeRuntime.waitUntil(
        Promise.resolve().then(() => {
          finished += 1;
        }),
      );
      return new Response(null, { status: 202 });
    case "/counts":
      return Response.json({ finished, streamsLeft });
    case "/read":
      return new Response(await Deno.readTextFile("/etc/hostname").catch((e) => e.name));
    case "/stream":
      return stream();
    default:
      return new Response("?", { status: 404 });
  }
});

/** An event now, and another only when asked: never ends by itself, notices who leaves. */
function stream(): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: first\n\n")),
    cancel() {
      streamsLeft += 1;
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

export {};
