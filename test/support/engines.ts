/** The engines every store-touching test runs on: `for (const engine of engines) test(`…${engine.name}`, …)`. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import postgres from 'postgres'
import { createStore, type Store, type StoreOptions } from '#store'
import { startPostgres, type PostgresServer } from './postgres.ts'

export interface OpenStore extends AsyncDisposable {
  store: Store
}

export interface TestEngine {
  name: 'sqlite' | 'postgres'
  /** Options of a fresh, empty store on disk; used again they open the same store. Removed when the test process ends. */
  options(overrides?: Partial<StoreOptions>): Promise<StoreOptions>
  /** A fresh, empty store. Whoever opens it closes it. */
  open(overrides?: Partial<StoreOptions>): Promise<Store>
  /** The same for `await using`: closed at the end of the block. */
  use(overrides?: Partial<StoreOptions>): Promise<OpenStore>
}

/** Wall clock of tests that do not care about time. */
const clock = () => Date.now()

const folders: string[] = []
const schemas: string[] = []
let server: Promise<PostgresServer> | undefined

/** One server a test process: the one that `test/run.ts` started for all, or an own one. */
function databaseUrl(): Promise<string> {
  const given = process.env.ISTHMUS_TEST_DATABASE_URL
  if (given) return Promise.resolve(given)
  server ??= startPostgres()
  return server.then(({ url }) => url)
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-store-'))
  folders.push(folder)
  return folder
}

function engine(name: TestEngine['name'], options: TestEngine['options'], fresh: TestEngine['options']): TestEngine {
  const open: TestEngine['open'] = async (overrides) => createStore(await fresh(overrides))
  return {
    name,
    options,
    open,
    async use(overrides) {
      const store = await open(overrides)
      return { store, [Symbol.asyncDispose]: () => store.close() }
    },
  }
}

const postgresOptions: TestEngine['options'] = async (overrides = {}) => {
  const databaseSchema = `test_${randomBytes(8).toString('hex')}`
  const options: StoreOptions = { databaseUrl: await databaseUrl(), databaseSchema, path: await newFolder(), clock, ...overrides }
  schemas.push(options.databaseSchema ?? databaseSchema)
  return options
}

export const engines: TestEngine[] = [
  engine(
    'sqlite',
    async (overrides = {}) => ({ path: await newFolder(), clock, ...overrides }),
    async (overrides = {}) => ({ path: ':memory:', clock, ...overrides }),
  ),
  engine('postgres', postgresOptions, postgresOptions),
]

/**
 * The engines of tests above the store: in `npm test` the embedded one, in `npm run engines` (which CI runs) the other, or both. The tests
 * of the store, of mailboxes and of mail run on both always.
 */
export const quickEngines: TestEngine[] = engines.filter(({ name }) => {
  const wanted = process.env.ISTHMUS_TEST_ENGINES ?? 'sqlite'
  return wanted === 'all' || wanted === name
})

after(async () => {
  if (server) await (await server).stop()
  else if (schemas.length > 0) {
    const sql = postgres(await databaseUrl(), { max: 1, onnotice: () => undefined })
    for (const schema of schemas) await sql`drop schema if exists ${sql(schema)} cascade`
    await sql.end()
  }
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})
