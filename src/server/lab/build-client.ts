import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const built = join(root, 'dist/web/index.html')
const sources = ['src/web', 'src/protocols/web', 'src/shell', 'src/model']

/** Builds the browser client when it is not built, or was built from older sources; says in words why it could not be. */
export async function buildClient(): Promise<string | undefined> {
  if (existsSync(built) && statSync(built).mtimeMs >= newest()) return undefined
  try {
    const { build } = await import('vite')
    await build({ configFile: join(root, 'src/web/vite.config.ts'), logLevel: 'error' })
    return undefined
  } catch (error) {
    return `The browser client could not be built, everything else runs: ${(error as Error).message}`
  }
}

/** When the newest of the sources was changed. */
function newest(): number {
  const times = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  )
  return Math.max(0, ...times)
}
