import { cp, mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createStore, type Store } from '#store'
import { isLabFolder } from '../lab/lab-folder.ts'
import { folderOf } from '../lab/lab-layout.ts'
import { StartProblem } from '../start-problem.ts'
import { createProgress } from './progress.ts'
import { readConfigFile } from './read-config.ts'

interface Where {
  data: string
  config?: string
}

/** Kept beside the store and needed to come back as the same server. */
const keyFiles = ['ca.pem', 'ca-key.pem', 'server.pem', 'server-key.pem', 'secrets.key', 'service.pem']

/** `isthmus store check`: 0 when everything is as it should be, 1 with a list of what is not. */
export async function storeCheck(where: Where): Promise<number> {
  await using store = await open(where)
  const progress = createProgress('checking')
  const report = await store.check((done, total) => progress.show(done, total))
  progress.end()
  console.log(`${report.mailboxes} mailboxes, ${report.folders} folders, ${report.items} items, ${report.blobs} blobs`)
  for (const { what, where: place } of report.findings) console.log(`  ${place}: ${what}`)
  console.log(report.findings.length ? `${report.findings.length} findings` : 'clean')
  return report.findings.length ? 1 : 0
}

/** `isthmus store backup FOLDER`: the store as of one moment, and the keys. */
export async function storeBackup(folder: string, where: Where): Promise<number> {
  await mustBeEmpty(folder)
  await using store = await open(where)
  const progress = createProgress('copying')
  await store.backup(folder, (done, total) => progress.show(done, total))
  progress.end()
  for (const name of keyFiles) {
    if (await isThere(join(store.data, name))) await cp(join(store.data, name), join(folder, name))
  }
  console.log(`The backup is in ${folder}. It holds mail and private keys: keep it as safe as the server.`)
  return 0
}

/** `isthmus store restore FOLDER`: a backup into an empty data folder, checked. */
export async function storeRestore(folder: string, where: Where): Promise<number> {
  if (!(await isThere(folder))) throw new StartProblem(`There is no ${folder}.`, 'Name a folder that "isthmus store backup" made.')
  const data = await dataOf(where)
  await mustBeEmpty(data)
  await mkdir(data, { recursive: true, mode: 0o700 })
  await cp(folder, data, { recursive: true })
  return storeCheck(where)
}

async function dataOf({ data, config }: Where): Promise<string> {
  // Of a lab the site on-premises is meant; the others have folders beside it.
  if (!config) return (await isLabFolder(data)) ? folderOf(data, 'onprem') : data
  const site = await readConfigFile(config)
  if (site.database || !site.data)
    throw new StartProblem('The store of this configuration is not embedded.', 'Use pg_dump and pg_restore for PostgreSQL.')
  return site.data
}

async function open(where: Where): Promise<Store & AsyncDisposable & { data: string }> {
  const site = where.config ? await readConfigFile(where.config) : undefined
  const path = site?.data ?? (await dataOf({ data: where.data }))
  if (!site?.database && !(await isThere(path))) {
    throw new StartProblem(`There is no data folder ${path}.`, 'Name it with --data, or the configuration with --config.')
  }
  const store = await createStore({
    path,
    clock: Date.now,
    ...(site?.database ? { databaseUrl: site.database } : {}),
    ...(site?.databaseSchema ? { databaseSchema: site.databaseSchema } : {}),
  })
  return { ...store, data: path, [Symbol.asyncDispose]: () => store.close() }
}

async function mustBeEmpty(folder: string): Promise<void> {
  const names = (await isThere(folder)) ? await readdir(folder) : []
  if (names.length) throw new StartProblem(`${folder} is not empty.`, 'Name an empty or a new folder; nothing is ever overwritten.')
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
