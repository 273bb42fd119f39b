/** The engines every store-touching test runs on: `for (const engine of engines) test(`…${engine.name}`, …)`. */
import { createStore, type Store, type StoreOptions } from '#store'

export interface OpenStore extends AsyncDisposable {
  store: Store
}

export interface TestEngine {
  name: 'sqlite' | 'postgres'
  /** Options of a fresh, empty store; the same options open the same store again, except on SQLite in memory. */
  options(overrides?: Partial<StoreOptions>): Promise<StoreOptions>
  /** A fresh, empty store. Whoever opens it closes it. */
  open(overrides?: Partial<StoreOptions>): Promise<Store>
  /** The same for `await using`: closed, and its data removed, at the end of the block. */
  use(overrides?: Partial<StoreOptions>): Promise<OpenStore>
}

/** Wall clock of tests that do not care about time. */
const clock = () => Date.now()

const sqlite: TestEngine = {
  name: 'sqlite',
  options: async (overrides = {}) => ({ path: ':memory:', clock, ...overrides }),
  open: async (overrides = {}) => createStore({ path: ':memory:', clock, ...overrides }),
  async use(overrides = {}) {
    const store = await createStore({ path: ':memory:', clock, ...overrides })
    return { store, [Symbol.asyncDispose]: () => store.close() }
  },
}

export const engines: TestEngine[] = [sqlite]
