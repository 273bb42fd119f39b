/**
 * What the bodies of SQL need of an engine: a Kysely to build with, compiled statements to run, and the few places where the
 * engines speak differently. One session belongs to one connection; its statements run one after another.
 */
import type { CompiledQuery, Kysely, RawBuilder, SqlBool } from 'kysely'
import type { Instant } from '#model'
import type { BlobFiles } from './blob-files.ts'
import type { TextQuery } from './items/words.ts'
import type { Tables } from './tables.ts'

/** Stands for a value in a statement that is compiled once; `p('mailbox')` has the type of the value it stands for. */
export type Placeholder<P> = <K extends keyof P & string>(name: K) => P[K]

/** A statement of fixed shape. Engines compile it once and keep the text by the identity of this function. */
export type Query<P, R> = (db: Kysely<Tables>, p: Placeholder<P>) => { compile(): CompiledQuery<R> }

/** Where SQLite and PostgreSQL differ. */
export interface Flavour {
  engine: 'sqlite' | 'postgres'
  /** True for rows whose words answer the question (its tokens in index form). */
  matches(mailbox: string, query: TextQuery): RawBuilder<SqlBool>
  /** Puts the words of an item into the text index in place of those it had. */
  saveWords(session: Session, mailbox: string, row: number, tokens: string[], replaces: boolean): Promise<void>
  /** Takes the words of items out of the text index. */
  removeWords(session: Session, mailbox: string, rows: number[]): Promise<void>
  /** True for an item that the text index knows. */
  hasWords: RawBuilder<SqlBool>
  /** Rows of the text index that belong to no item; at most `limit`. */
  orphanWords(session: Session, limit: number): Promise<number[]>
  /** Gives back some of the room that the words of removed items take; false when there is nothing more to do. */
  tidyWords(session: Session): Promise<boolean>
  /** Appended to a select that leases rows, so that processes do not wait for each other. */
  skipLocked: RawBuilder<unknown>
}

export interface Session {
  readonly db: Kysely<Tables>
  readonly flavour: Flavour
  readonly files: BlobFiles
  readonly clock: () => Instant
  /** Runs a fixed statement and gives its rows. */
  all<P, R>(query: Query<P, R>, parameters: P): Promise<R[]>
  /** Runs a fixed statement and gives its first row. */
  first<P, R>(query: Query<P, R>, parameters: P): Promise<R | undefined>
  /** Runs a fixed statement and gives the number of rows changed. */
  run<P, R>(query: Query<P, R>, parameters: P): Promise<number>
  /** Runs a statement that may look at many rows, where it does not hold up others; it may see a little more than the snapshot. */
  heavy<R>(query: CompiledQuery<R>): Promise<R[]>
  /** Rows as values in the order of their columns: of long lists a good deal cheaper. `heavy` = as `heavy` does. */
  values(query: CompiledQuery, heavy: boolean): Promise<unknown[][]>
  /** Writers of a mailbox go one after another: PostgreSQL locks its row; SQLite has one writer anyway and answers undefined. */
  lock(mailbox: string): Promise<void> | undefined
  /** Mailboxes whose watchers are to be woken after the commit. */
  readonly touched: Set<string>
  /** Set when jobs or queued mail became due. */
  work: boolean
}

class Marker {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

export interface Prepared {
  sql: string
  bind(parameters: Record<string, unknown>): unknown[]
}

/** Compiles a fixed statement; `bind` puts the values where the placeholders stand. */
export function prepare<P, R>(db: Kysely<Tables>, query: Query<P, R>): Prepared {
  const placeholder = ((name: string) => new Marker(name)) as unknown as Placeholder<P>
  const compiled = query(db, placeholder).compile()
  const slots = compiled.parameters
  return {
    sql: compiled.sql,
    bind: (parameters) => slots.map((slot) => (slot instanceof Marker ? parameters[slot.name] : slot)),
  }
}
