import { join } from 'node:path'

/** Name of the socket in a site's data folder: who may open it, may administer the site (owner alone, mode 0600). */
const adminSocketFile = 'admin.sock'

/** The longest path in bytes that the system takes for a socket (`sun_path` of `struct sockaddr_un`, without its closing zero). */
const longestPath = process.platform === 'linux' ? 107 : 103

/** Where the socket of a data folder is, and why there can be none, if so. */
export function adminSocketAt(folder: string): { path: string; tooLong?: string } {
  const path = join(folder, adminSocketFile)
  const bytes = Buffer.byteLength(path)
  return bytes <= longestPath
    ? { path }
    : { path, tooLong: `${path} has ${bytes} bytes; the system takes ${longestPath} at most for a socket` }
}
