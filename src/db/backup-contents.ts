// What belongs to a backup: every table and sequence in the schemas that the migrations made, found in the database
// itself, so that a table added by a later migration cannot be forgotten.
import type pg from 'pg'

export interface TableFound {
  /** With its schema, quoted where needed. */
  name: string
  columns: string[]
  /** Row-level security binds even the owner: a table of the libraries. */
  forced: boolean
  bytes: number
}

const ours = `n.nspowner = 'gentle_owner'::regrole and n.nspname <> 'migrations'`

/** Tables come after those that their foreign keys lead to. */
export async function findTables(client: pg.Client): Promise<TableFound[]> {
  const { rows } = await client.query<TableFound & { leadsTo: string[] }>(`
    select format('%I.%I', n.nspname, c.relname) as name, c.relforcerowsecurity as forced, pg_table_size(c.oid)::float8 as bytes,
           array(select quote_ident(a.attname) from pg_attribute a
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
           array(select format('%I.%I', fn.nspname, f.relname) from pg_constraint k
                 join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
                 where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as "leadsTo"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${ours} and c.relkind = 'r' order by 1`)
  const sorted: TableFound[] = []
  while (sorted.length < rows.length) {
    const next = rows.filter(
      (r) => !sorted.some((s) => s.name === r.name) && r.leadsTo.every((t) => sorted.some((s) => s.name === t)),
    )
    if (next.length === 0) throw new Error('foreign keys go round in a circle: there is no order to load the tables in')
    sorted.push(...next.map(({ name, columns, forced, bytes }) => ({ name, columns, forced, bytes })))
  }
  return sorted
}

export interface SequenceFound {
  name: string
  lastValue: string
  isCalled: boolean
}

/** Sequences stand outside every snapshot: read after it was taken, they are at or beyond what its rows hold. */
export async function findSequences(owner: pg.Client): Promise<SequenceFound[]> {
  const { rows } = await owner.query<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where ${ours} and c.relkind = 'S' order by 1`)
  const found: SequenceFound[] = []
  for (const { name } of rows) {
    const position = await owner.query<Omit<SequenceFound, 'name'>>(
      `select last_value::text as "lastValue", is_called as "isCalled" from ${name}`,
    )
    found.push({ name, ...position.rows[0]! })
  }
  return found
}

export interface MigrationDone {
  name: string
  hash: string
}

export const findMigrationsDone = async (owner: pg.Client): Promise<MigrationDone[]> =>
  (await owner.query<MigrationDone>('select name, hash from migrations.done order by name')).rows

/** The forms in which values are written and read, the same on every server. */
export const PLAIN_FORMS = `set client_encoding = 'UTF8'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601';
  set timezone = 'UTC'; set bytea_output = 'hex'; set extra_float_digits = 1; set statement_timeout = 0`
