/**
 * @supabase/lite prints every refusal of the database to the console, with its stack, and offers no other way.
 * A refused request is nothing unusual: it becomes one line of our log. Everything else is printed as ever.
 * @returns the way back
 */
export function shortenRefusals(log: (line: string) => void): () => void {
  const print = console.error;
  console.error = (...args: unknown[]) => {
    const [error] = args;
    if (error instanceof Error && ("severity" in error || "relation" in error)) {
      log(`[api] ${error.message}${"code" in error ? ` (${error.code})` : ""}`);
    } else {
      print(...args);
    }
  };
  return () => {
    console.error = print;
  };
}
