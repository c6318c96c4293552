/**
 * The one Deno process that serves all functions: what Supabase's Edge Runtime is to them. Started by
 * `runner-process.ts`, which hands over the functions in OTIS_FUNCTIONS (a JSON object of name → entry
 * point) and reads the port from the first line of our output. A line on our input asks us to finish
 * within so many milliseconds; the end of our input means that nobody is left to serve.
 */
export type Handler = (request: Request, info: unknown) => Response | Promise<Response>;

interface ServeOptions {
  hostname: string;
  port: number;
  onListen: (address: { port: number }) => void;
  onError: (error: unknown) => Response;
}

// What we use of Deno, so that the project's TypeScript can check this file too.
declare const Deno: {
  serve: (options: ServeOptions, handler: Handler) => { shutdown(): Promise<void> };
  env: { get(name: string): string | undefined };
  stdin: { readable: ReadableStream<BufferSource> };
  exit(code: number): never;
};

const listen = Deno.serve;
const pending = new Set<Promise<void>>();

Object.defineProperty(globalThis, "EdgeRuntime", { value: { waitUntil } });

// On Supabase each function has a process of its own; here one function's slip must not end the others.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  console.error("Unhandled rejection in a function:", event.reason);
});

const handlers = await loadFunctions(Deno.env.get("OTIS_FUNCTIONS") ?? "{}");
const server = listen(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(JSON.stringify({ port })),
    onError: (error) => fail("The response could not be sent", error),
  },
  async (request, info) => {
    const name = new URL(request.url).pathname.split("/")[1] ?? "";
    const handler = handlers.get(name);
    if (!handler) return answer(404, "NOT_FOUND", `There is no function ${name}.`);
    try {
      return await handler(request, info);
    } catch (error) {
      return fail(`Function ${name} failed at ${request.method} ${request.url}`, error);
    }
  },
);
await obeyInput();

async function loadFunctions(functions: string): Promise<Map<string, Handler>> {
  const loaded = new Map<string, Handler>();
  const entries: Record<string, string> = JSON.parse(functions);
  for (const [name, entry] of Object.entries(entries)) {
    try {
      loaded.set(name, await loadHandler(entry));
    } catch (error) {
      console.error(`Function ${name} does not start:`, error);
      loaded.set(name, () =>
        answer(503, "BOOT_ERROR", `Function ${name} does not start, see its log.`),
      );
    }
  }
  return loaded;
}

/** Imports a function and catches the handler that it gives to Deno.serve, or exports as `default.fetch`. */
async function loadHandler(entry: string): Promise<Handler> {
  let served: Handler | undefined;
  Deno.serve = (...args: unknown[]) => {
    served = args
      .map((arg) => (typeof arg === "object" && arg && "handler" in arg ? arg.handler : arg))
      .find((arg): arg is Handler => typeof arg === "function");
    return { finished: Promise.resolve(), shutdown: async () => {}, ref() {}, unref() {} };
  };
  const module: { default?: { fetch?: Handler } } = await import(entry);
  const handler = served ?? module.default?.fetch?.bind(module.default);
  if (!handler) throw new Error("It neither calls Deno.serve nor exports a default fetch.");
  return handler;
}

function waitUntil<T>(promise: Promise<T>): Promise<T> {
  const settled: Promise<void> = promise
    .then(
      () => {},
      (error: unknown) => console.error("Rejected in EdgeRuntime.waitUntil:", error),
    )
    .finally(() => pending.delete(settled));
  pending.add(settled);
  return promise;
}

function fail(what: string, error: unknown): Response {
  console.error(`${what}:`, error);
  return answer(500, "WORKER_ERROR", "Internal Server Error");
}

function answer(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status });
}

async function obeyInput(): Promise<void> {
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const end = text.indexOf("\n");
    if (end >= 0) await finish(Number(text.slice(0, end)));
  }
  Deno.exit(0);
}

/**
 * Tells the functions that the end is near, as the Edge Runtime does, takes no more requests, and waits for
 * those under way and for background work.
 */
async function finish(milliseconds: number): Promise<void> {
  const detail = { reason: "early_drop" };
  globalThis.dispatchEvent(Object.assign(new Event("beforeunload"), { detail }));
  setTimeout(() => Deno.exit(0), milliseconds);
  await server.shutdown();
  while (pending.size > 0) await Promise.all(pending);
  Deno.exit(0);
}
