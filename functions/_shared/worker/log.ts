/** Structured lines for operators: ids, kinds, codes and numbers; never names, addresses or texts of users. */
export type Log = (event: string, fields: Record<string, string | number | boolean | null>) => void;

/** One JSON object a line, which both Supabase's log explorer and our own stack can filter. */
export function createJsonLog(write: (line: string) => void, worker: string): Log {
  return (event, fields) => write(JSON.stringify({ event, worker, ...fields }));
}

/** An unexpected error as fields: class and first frame, not the message, which may quote user data. */
export function errorFields(cause: unknown): Record<string, string> {
  if (!(cause instanceof Error)) return { error: typeof cause };
  const frame = cause.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  const code = "code" in cause ? String(cause.code) : "";
  return { error: cause.name, code, at: frame?.trim() ?? "" };
}
