import type { Configuration, ConfigurationObject } from '#directory'
import { Refusal, type Instant } from '#model'
import { readServerMetadata } from '#trust'
import { RemoteFailure, type RemoteHttp } from '../remote/http.ts'
import { refreshAfter } from './federation.ts'

type AuthServer = ConfigurationObject<'AuthServer'>

/** The token issuers that an organisation trusts, as their metadata says who they are (source R4(c)). */
export interface AuthServers {
  /** Makes one from its metadata. */
  create(organisation: string, input: { name: string; metadataUrl: string }): Promise<AuthServer>
  /** Reads keys and endpoints anew. */
  refresh(organisation: string, name: string): Promise<AuthServer>
  /** Refreshes those whose metadata is older than eight hours; what cannot be reached stays as it is. The names that failed. */
  refreshOld(organisation: string): Promise<string[]>
}

const deadline = 30_000

export function createAuthServers({
  http,
  configuration,
  clock,
}: {
  http: RemoteHttp
  configuration: Configuration
  clock: () => Instant
}): AuthServers {
  async function read(url: string) {
    try {
      const { status, body } = await http.send({ url, method: 'GET', signal: AbortSignal.timeout(deadline) })
      if (status !== 200) throw new Refusal('InvalidConfiguration', `The metadata at ${url} answered ${status}.`)
      const { issuer, certificates, tokenEndpoint, realm } = readServerMetadata(body)
      return {
        IssuerIdentifier: issuer,
        Realm: realm === '*' ? '' : realm,
        TokenIssuingEndpoint: tokenEndpoint ?? '',
        CertificateStrings: certificates.map((certificate) => certificate.raw.toString('base64')),
        WhenMetadataRefreshed: clock(),
      }
    } catch (error) {
      if (error instanceof RemoteFailure)
        throw new Refusal('ServiceDiscoveryFailed', `The metadata at ${url} cannot be read: ${error.message}`)
      throw error
    }
  }
  const refresh: AuthServers['refresh'] = async (organisation, name) => {
    const { AuthMetadataUrl } = await configuration.get(organisation, 'AuthServer', name)
    if (!AuthMetadataUrl) throw new Refusal('InvalidConfiguration', `The AuthServer '${name}' has no AuthMetadataUrl.`)
    return configuration.update(organisation, 'AuthServer', name, await read(AuthMetadataUrl))
  }
  return {
    refresh,
    create: async (organisation, { name, metadataUrl }) =>
      configuration.create(organisation, 'AuthServer', { Name: name, AuthMetadataUrl: metadataUrl, ...(await read(metadataUrl)) }),
    async refreshOld(organisation) {
      const failed: string[] = []
      for (const { Name, AuthMetadataUrl, WhenMetadataRefreshed, Enabled } of await configuration.list(organisation, 'AuthServer')) {
        if (!Enabled || !AuthMetadataUrl || (WhenMetadataRefreshed ?? 0) + refreshAfter > clock()) continue
        try {
          await refresh(organisation, Name)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          failed.push(`${Name}: ${error.message}`)
        }
      }
      return failed
    },
  }
}
