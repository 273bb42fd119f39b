import { newGuid, type Configuration } from '#directory'
import { Refusal, type Instant } from '#model'
import {
  certificateOf,
  createReplayCache,
  openSecuredRequest,
  secureRequest,
  SecurityFailure,
  thumbprintOf,
  validityOf,
  type KeyRing,
} from '#trust'
import { LookupFailure } from '../failure.ts'
import type { Requester } from '../lookup/asker.ts'
import { RemoteFailure } from '../remote/http.ts'
import type { FederationSetup } from '../setup/federation.ts'
import type { DelegationTokens } from '../tokens/delegation-tokens.ts'
import type { BranchRecorder, HopHeard, Traces } from '../trace/recorder.ts'
import type { LookupTrace } from '../trace/trace.ts'

export interface TrustProbe {
  configuration: Pick<Configuration, 'get' | 'find'>
  keyRing: Pick<KeyRing, 'pair'>
  federation: Pick<FederationSetup, 'metadata'>
  tokens: DelegationTokens
  traces: Traces
  clock: () => Instant
  random: (size: number) => Uint8Array
  deadline: number
}

/**
 * Tries an organisation's federation trust: its metadata read again and compared, its certificates, and a real token on behalf of one of
 * our people for our own organisation, which is then opened as another organisation would. Each step is a hop of the trace.
 */
export async function probeTrust(probe: TrustProbe, requester: Requester, heard?: HopHeard): Promise<LookupTrace> {
  const { organisation } = requester.caller
  const recorder = probe.traces.begin({ organisation, role: 'asked', what: 'test', from: requester.address }, heard)
  const branch = recorder.branch('DAuth', [], [])
  try {
    await run(probe, requester, branch)
    recorder.outcome({ address: requester.address, code: 'NoError', view: 'the trust works', cause: '' })
  } catch (error) {
    const known =
      error instanceof Refusal || error instanceof LookupFailure || error instanceof RemoteFailure || error instanceof SecurityFailure
    if (!known) throw error
    const last = branch.branch.hops.at(-1)
    if (error instanceof LookupFailure && last && error.remedy) last.remedy ??= error.remedy
    recorder.outcome({ address: requester.address, code: 'Error', view: '', cause: error.message })
  } finally {
    branch.end()
  }
  return recorder.end()
}

async function run(probe: TrustProbe, requester: Requester, branch: BranchRecorder): Promise<void> {
  const { configuration, keyRing, federation, clock } = probe
  const { organisation } = requester.caller
  const { identifier, trust } = await branch.hop(0, 'FederationTrustConfiguration', async (hop) => {
    const identifier = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
    const trust = await configuration.find(organisation, 'FederationTrust', identifier.DelegationTrustLink)
    if (!identifier.Enabled || !trust) {
      throw new LookupFailure(
        'OrganizationNotFederated',
        identifier.DelegationTrustLink ? 'The organisation has disabled its federation.' : 'The organisation is not federated.',
        'Run Set-FederatedOrganizationIdentifier, or the Hybrid Configuration Wizard.',
      )
    }
    hop.token = {
      applicationUri: trust.ApplicationUri,
      accountNamespace: identifier.AccountNamespace,
      domains: identifier.Domains.join(', '),
    }
    return { identifier, trust }
  })
  await branch.hop(0, 'FederationMetadata', async (hop) => {
    hop.url = trust.TokenIssuerMetadataEpr
    const { TokenIssuerUri, TokenIssuerCertificate } = await federation.metadata(trust.TokenIssuerMetadataEpr)
    const stale = TokenIssuerUri !== trust.TokenIssuerUri || TokenIssuerCertificate !== trust.TokenIssuerCertificate
    if (stale)
      throw new LookupFailure(
        'InvalidConfiguration',
        'The issuer has other keys or another name than are known here.',
        'Run Set-FederationTrust -RefreshMetadata.',
      )
  })
  for (const [what, text] of [
    ['StsCertificate', trust.TokenIssuerCertificate],
    ['StsPreviousCertificate', trust.TokenIssuerPrevCertificate],
  ] as const) {
    if (text) await branch.hop(0, what, async (hop) => goodUntil(hop, certificateOf(text), clock()))
  }
  const key = await branch.hop(0, 'OrganizationCertificate', async (hop) => {
    const pair = await keyRing.pair(organisation, trust.OrgPrivCertificate)
    goodUntil(hop, pair.certificate, clock())
    return pair
  })
  const ourselves = { Name: 'ourselves', TargetApplicationUri: trust.ApplicationUri }
  const given = await probe.tokens.get(requester, ourselves, branch, AbortSignal.timeout(probe.deadline))
  await branch.hop(0, 'TokenValidation', async (hop) => {
    const to = 'https://test.invalid/EWS/Exchange.asmx/WSSecurity'
    const { token, algorithms } = given
    const newId = () => newGuid(probe.random)
    const envelope = secureRequest({ body: '<test xmlns=""/>', headers: '', action: 'test', to, token, algorithms, now: clock(), newId })
    const { claims } = openSecuredRequest(Buffer.from(envelope), {
      keys: [key],
      issuers: [{ uri: trust.TokenIssuerUri, certificates: [certificateOf(trust.TokenIssuerCertificate)] }],
      audiences: [trust.ApplicationUri, identifier.AccountNamespace],
      hosts: ['test.invalid'],
      now: clock(),
      replay: createReplayCache({ clock }),
      random: probe.random,
    })
    hop.token = { issuer: claims.issuer, audience: claims.audience, address: claims.addresses[0] ?? '', action: claims.action ?? '' }
  })
}

function goodUntil(hop: { token?: Record<string, string | number> }, certificate: Parameters<typeof validityOf>[0], now: Instant): void {
  const { from, to } = validityOf(certificate)
  hop.token = { thumbprint: thumbprintOf(certificate), expires: to }
  if (from > now) throw new LookupFailure('InvalidConfiguration', 'The certificate is not good yet.', 'Check the clock.')
  if (to < now)
    throw new LookupFailure(
      'InvalidConfiguration',
      'The certificate has expired.',
      'Roll it over: Set-FederationTrust -Thumbprint, then -PublishFederationCertificate; for the issuer’s, -RefreshMetadata.',
    )
}
