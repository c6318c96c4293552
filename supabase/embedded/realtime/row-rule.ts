/**
 * Which rows of a table a role may see, as far as that is known without asking Postgres:
 * - everything: row security is off for it, or a policy says `true`;
 * - nothing: row security is on and no policy lets it read;
 * - owner: rows of which one of these uuid columns is the user's id;
 * - database: only Postgres can tell.
 */
export type RowRule =
  | { readonly kind: "everything" }
  | { readonly kind: "nothing" }
  | { readonly kind: "owner"; readonly columns: readonly string[] }
  | { readonly kind: "database" };

/** A policy that applies to a role's reading, with its condition as `pg_get_expr` prints it. */
export interface Policy {
  readonly permissive: boolean;
  readonly using: string | null;
}

const UID = String.raw`(?:auth\.uid\(\)|\( SELECT auth\.uid\(\) AS uid\))`;
const COLUMN = `([a-z_][a-z0-9_]*|"(?:[^"]|"")+")`;
const OWNER_TEST = new RegExp(`^\\((?:${UID} = ${COLUMN}|${COLUMN} = ${UID})\\)$`);

/**
 * Reads the fast path out of a table's policies. Everything that is not exactly one of the known forms is
 * left to Postgres, so a policy that this function does not understand is never answered wrongly.
 * @param uuidColumns only these can be compared with `auth.uid()` by their printed value
 */
export function readRowRule(
  policies: readonly Policy[],
  uuidColumns: ReadonlySet<string>,
): RowRule {
  const effective = policies.filter((policy) => policy.using !== null);
  if (effective.some((policy) => !policy.permissive)) return { kind: "database" };
  if (effective.length === 0) return { kind: "nothing" };
  if (effective.some((policy) => policy.using === "true")) return { kind: "everything" };
  const columns = effective.map((policy) => ownerColumn(policy.using ?? ""));
  return columns.every((column) => column !== undefined && uuidColumns.has(column))
    ? { kind: "owner", columns: columns.filter((column) => column !== undefined) }
    : { kind: "database" };
}

function ownerColumn(expression: string): string | undefined {
  const match = OWNER_TEST.exec(expression);
  const column = match?.[1] ?? match?.[2];
  return column?.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : column;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Whether a rule shows a row to the user that the claims name; undefined when Postgres has to be asked.
 * @param row printed values
 * @param subject the `sub` claim, which is what `auth.uid()` returns
 */
export function isVisible(
  rule: RowRule,
  row: Readonly<Record<string, string | null | undefined>>,
  subject: unknown,
): boolean | undefined {
  switch (rule.kind) {
    case "everything":
      return true;
    case "nothing":
      return false;
    case "database":
      return undefined;
    case "owner": {
      if (subject === undefined || subject === null || subject === "") return false;
      if (typeof subject !== "string" || !UUID.test(subject)) return undefined;
      const user = subject.toLowerCase();
      const owners = rule.columns.map((column) => row[column]);
      if (owners.includes(user)) return true;
      return owners.includes(undefined) ? undefined : false;
    }
  }
}
