import type { Sql } from "postgres";
import { isRefusal } from "./authorise.ts";
import type { Table } from "./catalog.ts";
import { type Change, jsonKey } from "./change.ts";
import type { ColumnType } from "./column-type.ts";

/**
 * Has Postgres turn the values into JSON of which only it knows how: composites, domains, types with a
 * cast of their own. Costs nothing for tables without such columns.
 * @returns JSON texts by `jsonKey`
 */
export async function convertRareValues(
  sql: Sql,
  rows: readonly { readonly change: Change; readonly table: Table }[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map<ColumnType, Set<string>>();
  for (const { change, table } of rows) {
    for (const { name, type } of table.columns) {
      if (type.json !== "database") continue;
      for (const printed of [change.record[name], change.old[name]]) {
        if (typeof printed !== "string") continue;
        wanted.set(type, (wanted.get(type) ?? new Set()).add(printed));
      }
    }
  }
  const converted = new Map<string, string>();
  for (const [type, printed] of wanted) {
    const values = [...printed];
    const jsons = await askJson(sql, type, values);
    for (const [place, value] of values.entries()) {
      converted.set(jsonKey(type, value), jsons[place] ?? JSON.stringify(value));
    }
  }
  return converted;
}

async function askJson(
  sql: Sql,
  type: ColumnType,
  values: readonly string[],
): Promise<readonly string[]> {
  const statement = `
    select to_jsonb(x::${type.sql})::text as json
    from unnest($1::text[]) with ordinality as u (x, place)
    order by place`;
  try {
    const rows = await sql.unsafe<{ json: string }[]>(statement, [[...values]], { prepare: true });
    return rows.map((row) => row.json);
  } catch (error) {
    // The type has been dropped or changed since the row was written: its printed form is all there is.
    if (!isRefusal(error)) throw error;
    return [];
  }
}
