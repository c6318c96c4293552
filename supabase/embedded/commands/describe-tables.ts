import type { Sql } from "postgres";

/**
 * `\d` lists the tables, views and functions that are ours, `\d NAME` the columns of one, both with their comments.
 * Returns undefined for a line that asks neither; else the query to run.
 */
export function describeTables(sql: Sql, line: string): ReturnType<Sql> | undefined {
  const match = /^\s*\\d\+?(?:\s+([\w."]+))?\s*;?\s*$/.exec(line);
  if (!match) return undefined;
  const [, name] = match;
  if (name === undefined) {
    return sql`
      select
        n.nspname as schema,
        c.relname as name,
        case c.relkind when 'v' then 'view' when 'm' then 'view' else 'table' end as kind,
        coalesce(obj_description(c.oid, 'pg_class'), '') as comment
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in ('public', 'inspect', 'otis')
      order by 1, 2
    `;
  }
  return sql`
    select
      a.attname as column,
      format_type(a.atttypid, a.atttypmod) as type,
      coalesce(col_description(a.attrelid, a.attnum), '') as comment
    from pg_attribute as a
    where a.attrelid = ${name}::regclass and a.attnum > 0 and not a.attisdropped
    order by a.attnum
  `;
}
