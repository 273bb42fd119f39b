import { join } from 'node:path'

export const labSites = ['onprem', 'online', 'auth'] as const
export type LabSite = (typeof labSites)[number]

/** The folder of a site of the lab. */
export const folderOf = (data: string, site: LabSite): string => join(data, site)
