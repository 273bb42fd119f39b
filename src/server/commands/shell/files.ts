import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, appendFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Refusal } from '#model'
import type { Files } from '#shell'
import { placeOf } from './paths.ts'

const mostBytes = 512 * 1024 * 1024

/** Names that PowerShell has for encodings, and what the platform calls them; the mark is written at the start of a new file. */
const encodings: Readonly<Record<string, { name: BufferEncoding; mark: string }>> = {
  utf8: { name: 'utf8', mark: '' },
  utf8nobom: { name: 'utf8', mark: '' },
  utf8bom: { name: 'utf8', mark: '\ufeff' },
  default: { name: 'utf8', mark: '' },
  unicode: { name: 'utf16le', mark: '\ufeff' },
  ascii: { name: 'ascii', mark: '' },
  latin1: { name: 'latin1', mark: '' },
  oem: { name: 'latin1', mark: '' },
}

/** The files of the machine that the shell runs on. What the system refuses is a Refusal with the path as it was written. */
export function filesHere(location: () => string): Files {
  const at = (path: string) => placeOf(path, location())
  return {
    get location() {
      return location()
    },
    async *readText(path, { encoding, signal }) {
      const file = at(path)
      await bounded(path, file)
      const decoder = new TextDecoder(labelOf(encoding) ?? (await labelIn(path, file)))
      try {
        for await (const part of createReadStream(file, { signal })) yield decoder.decode(part as Buffer, { stream: true })
      } catch (error) {
        throw told(path, error)
      }
      yield decoder.decode()
    },
    async writeText(path, text, { encoding, append = false, noClobber = false, signal }) {
      const file = at(path)
      const { name, mark } = encodingOf(encoding)
      try {
        await mkdir(dirname(file), { recursive: true })
        if (noClobber && (await isThere(file))) throw new Refusal('NameTaken', `'${path}' is there already, and -NoClobber was given.`)
        if (append) {
          for await (const part of text) {
            signal.throwIfAborted()
            await appendFile(file, part, { encoding: name })
          }
        } else await writeWhole(file, text, { name, mark, signal })
      } catch (error) {
        throw told(path, error)
      }
    },
    async readBytes(path, { signal }) {
      const file = at(path)
      await bounded(path, file)
      try {
        return await readFile(file, { signal })
      } catch (error) {
        throw told(path, error)
      }
    },
    async writeBytes(path, bytes, { signal }) {
      const file = at(path)
      try {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, bytes, { signal })
      } catch (error) {
        throw told(path, error)
      }
    },
    exists: (path) => isThere(at(path)),
  }
}

/** Into a file beside it, which takes the old one's place when the last piece is there. */
async function writeWhole(
  file: string,
  text: AsyncIterable<string>,
  { name, mark, signal }: { name: BufferEncoding; mark: string; signal: AbortSignal },
): Promise<void> {
  const beside = `${file}.${randomUUID()}`
  try {
    const handle = await open(beside, 'wx')
    try {
      if (mark) await handle.write(mark, null, name)
      for await (const part of text) {
        signal.throwIfAborted()
        await handle.write(part, null, name)
      }
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

async function bounded(path: string, file: string): Promise<void> {
  try {
    const { size } = await stat(file)
    if (size > mostBytes) throw new Refusal('ScriptLimit', `'${path}' has ${size} bytes; the shell reads ${mostBytes} at most.`)
  } catch (error) {
    throw told(path, error)
  }
}

function encodingOf(written: string | undefined): { name: BufferEncoding; mark: string } {
  const found = encodings[(written ?? 'utf8').toLowerCase()]
  if (found) return found
  throw new Refusal('InvalidParameter', `-Encoding is one of ${Object.keys(encodings).join(', ')}: '${written ?? ''}' is not.`)
}

/** The name that TextDecoder has for it. */
function labelOf(written: string | undefined): string | undefined {
  if (written === undefined) return undefined
  const { name } = encodingOf(written)
  return name === 'utf16le' ? 'utf-16le' : name === 'utf8' ? 'utf-8' : 'latin1'
}

/** What the file's first bytes say of its encoding. */
async function labelIn(path: string, file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
      if (bytesRead === 2 && buffer[0] === 0xff && buffer[1] === 0xfe) return 'utf-16le'
      if (bytesRead === 2 && buffer[0] === 0xfe && buffer[1] === 0xff) return 'utf-16be'
      return 'utf-8'
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw told(path, error)
  }
}

function told(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof Refusal || !(error instanceof Error)) return error
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Refusal('ObjectNotFound', `There is no file '${path}'.`, { path })
  if (code === 'EACCES' || code === 'EPERM') return new Refusal('AccessDenied', `'${path}' may not be opened by this user.`, { path })
  if (code === 'EISDIR') return new Refusal('InvalidParameter', `'${path}' is a folder.`, { path })
  if (code === 'ENOSPC') return new Refusal('InvalidOperation', `'${path}' could not be written: the disk is full.`, { path })
  return error
}
