import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateFor } from '../certificate.ts'
import type { SiteConfig } from '../config.ts'
import { folderOf, labSites, type LabSite } from './lab-layout.ts'
import { writeWhole } from './write-whole.ts'

/**
 * Every site's certificate authority, before the first one starts: each trusts the others'. All of them in one file for clients.
 * Sites in processes of their own may do this at once: one of them makes each authority, the others take it.
 */
export async function makeAuthorities(data: string, configs: Record<LabSite, SiteConfig>): Promise<void> {
  const authorities: string[] = []
  for (const site of labSites) {
    const folder = folderOf(data, site)
    if (!existsSync(folder)) await makeAside(folder, configs[site])
    authorities.push((await certificateFor(configs[site], Date.now)).ca)
  }
  await writeWhole(join(data, 'ca.pem'), authorities.join(''))
}

/** A site's folder with its authority, made elsewhere and put into its place whole; one that is there by then stays. */
async function makeAside(folder: string, config: SiteConfig): Promise<void> {
  const aside = `${folder}.${randomUUID()}.new`
  await certificateFor({ ...config, data: aside }, Date.now)
  try {
    await rename(aside, folder)
  } catch (error) {
    await rm(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
}
