import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FindHost } from '#hybrid'
import { readDestination } from '../destination.ts'
import { labSites, type LabSite } from './lab-layout.ts'
import { writeWhole } from './write-whole.ts'

/**
 * The lab's own zone: where its host names lead, and TXT records. It lies in files of the lab's folder, so that sites in processes of
 * their own share it without waiting for each other: each site writes a file of its own, and records are only ever added.
 */
export interface Zone {
  findHost: FindHost
  txt: (domain: string) => Promise<string[]>
  /** Where the names of a site lead (`"mail.contoso.com": "127.0.0.1:8443"`), in place of all that was said of it before. */
  setHosts(site: LabSite, hosts: Record<string, string>): Promise<void>
  addTxt(domain: string, text: string): Promise<void>
}

interface TxtRecord {
  domain: string
  text: string
}

export function openZone(folder: string): Zone {
  const hostsFile = (site: LabSite) => join(folder, `zone.${site}.json`)
  /** One record a line. */
  const txtFile = join(folder, 'zone.txt.jsonl')
  const records = async () => (await textOf(txtFile)).split('\n').filter(Boolean).map((line) => JSON.parse(line) as TxtRecord) // prettier-ignore
  const txt = async (domain: string) => [
    ...new Set((await records()).filter((record) => record.domain === domain.toLowerCase()).map(({ text }) => text)),
  ]
  return {
    async findHost(host) {
      for (const site of labSites) {
        const hosts = JSON.parse((await textOf(hostsFile(site))) || '{}') as Record<string, string>
        const found = readDestination(hosts[host.toLowerCase()] ?? '')
        if (found) return [found]
      }
      return []
    },
    txt,
    setHosts: (site, hosts) => writeWhole(hostsFile(site), `${JSON.stringify(hosts, null, 2)}\n`),
    // A line is added in one piece, whoever else adds one.
    addTxt: (domain, text) => appendFile(txtFile, `${JSON.stringify({ domain: domain.toLowerCase(), text } satisfies TxtRecord)}\n`),
  }
}

/** Empty where there is no such file. */
async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}
