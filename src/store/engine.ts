/** What a database engine does for the store: sessions to read and write in, and news of what was committed. */
import type { Session } from './session.ts'
import type { StoreMetrics } from './contract.ts'

export interface Engine {
  readonly engine: 'sqlite' | 'postgres'
  /** Runs the body on one snapshot of what is durably committed. */
  read<T>(body: (session: Session) => Promise<T>): Promise<T>
  /** Runs the body in a transaction; resolves when it is on disk. */
  write<T>(body: (session: Session) => Promise<T>): Promise<T>
  /** Copies the database, consistent as of one moment, to a file in an empty folder. */
  copyTo(folder: string, progress: (done: number, total: number) => void): Promise<void>
  /** Structural damage that the engine itself finds. */
  integrity(): Promise<string[]>
  metrics(): Pick<StoreMetrics, 'commits' | 'writes' | 'flushSeconds'>
  close(): Promise<void>
}
