import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Seals secrets that lie in the store: private keys, passwords of service accounts. */
export interface Vault {
  /** The secret as text that only this vault opens. `purpose` is bound to it: what was sealed for one thing opens for no other. */
  seal(secret: string, purpose: string): string
  /** The secret again. Throws when the text was changed, is of another vault or was sealed for something else. */
  open(sealed: string, purpose: string): string
}

const keyFile = 'secrets.key'
const version = 'v1'

/**
 * The vault of a site: AES-256-GCM under a key of its own in the file `secrets.key` (owner alone may read it), made at the first
 * start. Without a folder the key lives in memory. Processes that share a database share this file.
 */
export async function openVault({ folder, random }: { folder?: string; random: (size: number) => Uint8Array }): Promise<Vault> {
  const master = folder ? await keyIn(folder, random) : random(32)
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `isthmus ${purpose}`, 32))
  return {
    seal(secret, purpose) {
      const nonce = random(12)
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce)
      const bytes = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return `${version}:${Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64')}`
    },
    open(sealed, purpose) {
      const [mark, text = ''] = sealed.split(':')
      const bytes = Buffer.from(text, 'base64')
      if (mark !== version || bytes.length < 28) throw new Error('a sealed secret is not readable')
      const cipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12))
      cipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString('utf8')
    },
  }
}

async function keyIn(folder: string, random: (size: number) => Uint8Array): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, keyFile)
  try {
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64')
    if (key.length !== 32) throw new Error(`${path} does not hold a key of 32 bytes`)
    return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const key = random(32)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(`${Buffer.from(key).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(`${path}.new`, 0o600)
  await rename(`${path}.new`, path)
  return key
}
