import type { Sql } from "postgres";
import { type ColumnType, type TypeRow, toColumnType } from "./column-type.ts";
import { type Policy, type RowRule, readRowRule } from "./row-rule.ts";
import { shareInFlight } from "./share-in-flight.ts";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A published table as it was when it was last looked up. */
export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns of the primary key in their order; empty when there is none. */
  readonly key: readonly string[];
  readonly rowSecurity: boolean;
}

/** What a role may read of a table. */
export interface Access {
  readonly selectable: ReadonlySet<string>;
  readonly rule: RowRule;
}

interface TableRow {
  oid: number;
  schema: string;
  name: string;
  row_security: boolean;
  key: string[];
  columns: { name: string; type: number }[];
}

/** Any user id will do to see whether `auth.uid()` reads the `sub` claim. */
const PROBE = "5f0c1d9e-7a34-4b0e-9c55-2f6f3f1c8e21";

/** Looks up what the stream does not tell: keys, types, privileges and policies. */
export class Catalog {
  readonly #sql: Sql;
  readonly #publication: string;
  readonly #types = new Map<number, ColumnType>();
  readonly #trusted = new Map<string, boolean>();
  // After an interruption hundreds of channels ask the same at once.
  readonly #sharedTables = shareInFlight<Table[]>();
  readonly #sharedRoles = shareInFlight<boolean>();
  readonly #sharedAccess = shareInFlight<Access>();

  constructor(sql: Sql, publication: string) {
    this.#sql = sql;
    this.#publication = publication;
  }

  /** Forgets what seldom changes and no message announces: types, and the meaning of `auth.uid()`. */
  clear(): void {
    this.#types.clear();
    this.#trusted.clear();
  }

  /** The published tables of that name; `*` stands for any. */
  published(schema: string, name: string): Promise<Table[]> {
    return this.#sharedTables(JSON.stringify([schema, name]), () =>
      this.#tables(this.#sql`
        exists (
          select from pg_publication_tables p
          where p.pubname = ${this.#publication} and p.schemaname = n.nspname and p.tablename = c.relname
        )
        and (${schema} = '*' or n.nspname = ${schema}) and (${name} = '*' or c.relname = ${name})
      `),
    );
  }

  /**
   * A table by its object identifier, undefined when it is gone.
   * @param columns those that the stream announced, which may be older than the catalogue's
   */
  async table(
    oid: number,
    columns: readonly { readonly name: string; readonly typeOid: number }[],
  ): Promise<Table | undefined> {
    const [table] = await this.#tables(this.#sql`c.oid = ${oid}`);
    if (!table) return undefined;
    const types = await this.#resolve(columns.map((column) => column.typeOid));
    return {
      ...table,
      columns: columns.flatMap(({ name, typeOid }) => {
        const type = types.get(typeOid);
        return type ? [{ name, type }] : [];
      }),
    };
  }

  async #tables(condition: ReturnType<Sql>): Promise<Table[]> {
    const rows = await this.#sql<TableRow[]>`
      select
        c.oid,
        n.nspname as schema,
        c.relname as name,
        c.relrowsecurity as row_security,
        array(
          select a.attname::text
          from pg_index i
          cross join unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where i.indrelid = c.oid and i.indisprimary
          order by k.place
        ) as key,
        (
          select jsonb_agg(jsonb_build_object('name', a.attname, 'type', a.atttypid::int8) order by a.attnum)
          from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        ) as columns
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and ${condition}
    `;
    const types = await this.#resolve(
      rows.flatMap((row) => row.columns.map((column) => column.type)),
    );
    return rows.map(({ row_security, columns, ...row }) => ({
      ...row,
      rowSecurity: row_security,
      columns: columns.flatMap((column) => {
        const type = types.get(column.type);
        return type ? [{ name: column.name, type }] : [];
      }),
    }));
  }

  async #resolve(oids: readonly number[]): Promise<ReadonlyMap<number, ColumnType>> {
    const missing = [...new Set(oids)].filter((oid) => !this.#types.has(oid));
    if (missing.length > 0) {
      const rows = await this.#sql<{ row: TypeRow }[]>`
        with described as (
          select
            t.oid,
            t.typarray,
            jsonb_build_object(
              'oid', t.oid::int8,
              'name', t.typname,
              'sql', format_type(t.oid, -1),
              'kind', t.typtype,
              'casts_to_json', exists (
                select from pg_cast where castsource = t.oid and casttarget in ('json'::regtype, 'jsonb'::regtype)
              )
            ) as row
          from pg_type t
        )
        select d.row || jsonb_build_object('element', e.row) as row
        from described d
        left join described e on e.typarray = d.oid
        where d.oid = any(${missing}::oid[])
      `;
      for (const { row } of rows) this.#types.set(row.oid, toColumnType(row));
    }
    return this.#types;
  }

  /**
   * Whether tokens may name this role: one that the API's `authenticator` may become. Keeps a token from
   * naming the database's owner.
   */
  isAssumable(role: string): Promise<boolean> {
    return this.#sharedRoles(role, async () => {
      const rows = await this.#sql`
        select from pg_roles a, pg_roles r
        where a.rolname = 'authenticator' and r.rolname = ${role} and pg_has_role(a.oid, r.oid, 'member')
      `;
      return rows.length > 0;
    });
  }

  /** What an existing role may read of a table. */
  access(table: Table, role: string): Promise<Access> {
    return this.#sharedAccess(`${table.oid} ${role}`, () => this.#access(table, role));
  }

  async #access(table: Table, role: string): Promise<Access> {
    const [row] = await this.#sql<{ selectable: string[]; secured: boolean; policies: Policy[] }[]>`
      select
        array(
          select a.attname::text
          from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and has_schema_privilege(r.oid, c.relnamespace, 'usage')
            and has_column_privilege(r.oid, c.oid, a.attnum, 'select')
        ) as selectable,
        c.relrowsecurity and not r.rolbypassrls and not r.rolsuper
          and (c.relforcerowsecurity or not pg_has_role(r.oid, c.relowner, 'usage')) as secured,
        (
          select coalesce(jsonb_agg(jsonb_build_object(
            'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid)
          )), '[]')
          from pg_policy p
          where p.polrelid = c.oid and p.polcmd in ('r', '*') and exists (
            select from unnest(p.polroles) as o (oid) where o.oid = 0 or pg_has_role(r.oid, o.oid, 'usage')
          )
        ) as policies
      from pg_class c, pg_roles r
      where c.oid = ${table.oid} and r.rolname = ${role}
    `;
    if (!row) return { selectable: new Set(), rule: { kind: "nothing" } };
    const uuids = table.columns.filter((column) => column.type.name === "uuid");
    const rule: RowRule = row.secured
      ? readRowRule(row.policies, new Set(uuids.map((column) => column.name)))
      : { kind: "everything" };
    const trusted = rule.kind !== "owner" || (await this.#trustsSubject(role));
    return {
      selectable: new Set(row.selectable),
      rule: trusted ? rule : { kind: "database" },
    };
  }

  /** Whether for this role `auth.uid()` is the `sub` claim, as it is on Supabase. */
  async #trustsSubject(role: string): Promise<boolean> {
    const known = this.#trusted.get(role);
    if (known !== undefined) return known;
    const claims = JSON.stringify({ sub: PROBE, role });
    const trusted = await this.#sql
      .begin("read only", async (sql) => {
        await sql`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims}, true)`;
        const [row] = await sql`select auth.uid()::text as uid`;
        return row?.uid === PROBE;
      })
      .catch(() => false);
    this.#trusted.set(role, trusted);
    return trusted;
  }
}
