import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** Folder of the shell's own files: history, tokens, drives. */
export const shellFolder = (): string => process.env.ISTHMUS_HOME ?? join(homedir(), '.isthmus')

/**
 * Where a path of a script lies. On Windows as it is; elsewhere `\` separates too, `~` is the home folder, and a drive (`c:\temp\x`, as
 * scripts for Exchange write it) is a folder of its own below the shell's folder.
 */
export function placeOf(path: string, location: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return resolve(location, path)
  const drive = /^([a-z]):(.*)$/is.exec(path)
  const plain = (drive ? drive[2]! : path).replaceAll('\\', '/')
  if (drive) return join(shellFolder(), 'drives', drive[1]!.toLowerCase(), join('/', plain))
  if (plain === '~' || plain.startsWith('~/')) return join(homedir(), plain.slice(1))
  return isAbsolute(plain) ? plain : resolve(location, plain)
}
