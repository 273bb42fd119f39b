import { basename, resolve } from 'node:path'
import type { CmdletHost } from '#shell'
import { socketOf, type AdminAt } from '../admin-client.ts'
import { remoteHost } from '../remote-host.ts'

export type { AdminAt } from '../admin-client.ts'

/** The cmdlets of a site on this machine, through the socket in its data folder: whoever may open it, may administer the site. */
export async function socketHost({ data, site, organisation }: AdminAt): Promise<{ host: CmdletHost; name: string }> {
  const send = await socketOf({ data, ...(site ? { site } : {}) })
  return { host: remoteHost({ send, organisation: organisation ?? 'default' }), name: organisation ?? site ?? basename(resolve(data)) }
}
