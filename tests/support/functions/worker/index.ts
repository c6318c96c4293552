/** A worker that counts how often, and by which keys, it was woken; GET tells. */
declare const Deno: { serve(handler: (request: Request) => Response): void };

let count = 0;
const keys = new Set<string>();

Deno.serve((request) => {
  if (request.method === "GET") return Response.json({ count, keys: [...keys] });
  count += 1;
  keys.add(request.headers.get("apikey") ?? "");
  return new Response(null, { status: 202 });
});

export {};
