import { readFile } from 'node:fs/promises'
import { release as kernel, type } from 'node:os'
import { DEFAULT_MIN_VERSION } from 'node:tls'

/** What is installed here, by the component names of the matrix; what does not apply is left out. */
export type Installed = Readonly<Record<string, string>>

/** Looks at the machine. */
export async function installedHere(): Promise<Installed> {
  const { node, openssl = '', sqlite = '' } = process.versions
  return {
    'Node.js': node,
    OpenSSL: openssl,
    TLS: DEFAULT_MIN_VERSION.replace(/^TLSv/, ''),
    SQLite: sqlite,
    'Operating system': await operatingSystem(),
  }
}

/** `debian 12`; where there is no os-release(5), the kernel's own name and version. */
async function operatingSystem(): Promise<string> {
  try {
    const text = await readFile('/etc/os-release', 'utf8')
    const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
    return `${value('ID')} ${value('VERSION_ID')}`.trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return `${type()} ${kernel()}`
  }
}
