import { z } from 'zod'
import type { Configuration } from '#directory'
import { Refusal, type Instant } from '#model'
import { authorityOrganisation, exchangeApplication, issuerApplication, makeSelfIssued, type KeyRing, type PrincipalChange } from '#trust'
import { RemoteFailure, type RemoteHttp } from '../remote/http.ts'

/** What the auth service keeps of an application of a tenant, as an online service changes it for its tenants. */
export interface PrincipalSetup {
  /** Changes the application's certificates and resources in the tenant's realm; signed by the online service's own certificate. */
  change(tenant: string, change: PrincipalChange): Promise<{ application: string; realm: string; hosts: string[]; thumbprints: string[] }>
}

const answer = z.object({ application: z.string(), realm: z.string(), hosts: z.array(z.string()), thumbprints: z.array(z.string()) })
const refusal = z.object({ error_description: z.string() })
const deadline = 30_000

export function createPrincipalSetup({
  http,
  configuration,
  keyRing,
  clock,
}: {
  http: RemoteHttp
  configuration: Pick<Configuration, 'get' | 'list'>
  keyRing: Pick<KeyRing, 'pair'>
  clock: () => Instant
}): PrincipalSetup {
  return {
    async change(tenant, change) {
      const { CurrentCertificateThumbprint: thumbprint } = await configuration.get(authorityOrganisation, 'AuthConfig')
      if (!thumbprint) throw new Refusal('InvalidConfiguration', 'This site is no online service: it has no certificate of its own.')
      const realm = (await configuration.get(tenant, 'AuthConfig')).Realm || tenant
      const servers = (await configuration.list(tenant, 'AuthServer')).filter(({ TokenIssuingEndpoint }) => TokenIssuingEndpoint)
      // One whose tokens are not taken any more still takes what is to be deregistered there.
      const server = servers.find(({ Enabled }) => Enabled) ?? servers[0]
      if (!server) throw new Refusal('InvalidConfiguration', 'The tenant has no AuthServer.')
      const { origin, host } = new URL(server.TokenIssuingEndpoint)
      const assertion = await makeSelfIssued({
        key: await keyRing.pair(authorityOrganisation, thumbprint),
        issuer: { application: exchangeApplication, realm },
        audience: { application: issuerApplication, host, realm },
        now: clock(),
      })
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${assertion}` }
      const url = `${origin}/${realm}/principals/${exchangeApplication}`
      return said(http, { url, headers, body: JSON.stringify(change) })
    },
  }
}

async function said(http: RemoteHttp, request: { url: string; headers: Record<string, string>; body: string }) {
  try {
    const { status, body } = await http.send({ ...request, signal: AbortSignal.timeout(deadline) })
    const value: unknown = JSON.parse(body.toString('utf8'))
    const good = answer.safeParse(value)
    if (status === 200 && good.success) return good.data
    const why = refusal.safeParse(value)
    throw new Refusal(
      'InvalidConfiguration',
      `The auth service refused the change (${status}): ${why.success ? why.data.error_description : ''}`,
    )
  } catch (error) {
    if (error instanceof RemoteFailure || error instanceof SyntaxError) {
      throw new Refusal('ServiceDiscoveryFailed', `The auth service cannot be asked: ${error.message}`)
    }
    throw error
  }
}
