import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FindHost } from '#hybrid'

/** The lab's own zone: where its host names lead, and TXT records. It lies in a file, so that sites in processes of their own share it. */
export interface Zone {
  findHost: FindHost
  txt: (domain: string) => Promise<string[]>
  setHosts(hosts: Record<string, string>): Promise<void>
  addTxt(domain: string, text: string): Promise<void>
}

interface ZoneFile {
  /** `"mail.contoso.com": "127.0.0.1:8443"` */
  hosts: Record<string, string>
  txt: Record<string, string[]>
}

export function openZone(folder: string): Zone {
  const path = join(folder, 'zone.json')
  const read = async (): Promise<ZoneFile> => {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as ZoneFile
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { hosts: {}, txt: {} }
      throw error
    }
  }
  const change = async (to: (file: ZoneFile) => ZoneFile) => {
    await writeFile(`${path}.new`, `${JSON.stringify(to(await read()), null, 2)}\n`)
    await rename(`${path}.new`, path)
  }
  return {
    async findHost(host) {
      const to = (await read()).hosts[host.toLowerCase()]
      if (!to) return []
      const [address = '', port] = to.split(':')
      return [{ address, ...(port ? { port: Number(port) } : {}) }]
    },
    txt: async (domain) => (await read()).txt[domain.toLowerCase()] ?? [],
    setHosts: (hosts) => change((file) => ({ ...file, hosts: { ...file.hosts, ...hosts } })),
    addTxt: (domain, text) =>
      change((file) => ({ ...file, txt: { ...file.txt, [domain]: [...new Set([...(file.txt[domain] ?? []), text])] } })),
  }
}
