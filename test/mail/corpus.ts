import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The messages of ../shared/data/mail by name; nothing where that folder does not exist. */
export function corpus(): { name: string; bytes: Buffer }[] {
  return files('mail', '.eml')
}

/** The cards of ../shared/data/vcard. */
export function cards(): { name: string; bytes: Buffer }[] {
  return files('vcard', '.vcf')
}

function files(folder: string, ending: string): { name: string; bytes: Buffer }[] {
  const root = join(import.meta.dirname, '../../../shared/data', folder)
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(root, name)) }))
}
