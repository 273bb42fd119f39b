import { webSite } from './shell/connect-web.ts'
import { signInAt } from './shell/sign-in.ts'

export interface TokenOptions {
  connect: string
  organisation: string
  ca?: string
  browser?: boolean
}

/**
 * `isthmus token`: signs in at a site elsewhere, with the second factor shown anew, and prints the access token alone: what
 * `Update-HybridConfiguration -TenantAccessToken` takes.
 */
export async function tokenCommand({ connect, organisation, ca, browser = false }: TokenOptions): Promise<number> {
  const { signal } = new AbortController()
  const signedIn = await signInAt({
    ...{ site: await webSite(connect, ca), organisation, signal },
    by: browser ? 'browser' : 'device',
    tell: (text) => console.error(text),
  })
  await signedIn.again(signal)
  console.log(await signedIn.token())
  return 0
}
