import type { ConfigurationObject, Credential } from '#directory'
import { hasTrust, setUpHybrid, type HybridPlan, type PublishProof, type Side } from '#hybrid'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'

const name = 'Update-HybridConfiguration'

/** The online organisation as the wizard administers it. */
export interface Tenant {
  /** Origin of its REST administration, https. */
  url: string
  /** One of its domains. */
  organisation: string
  /** The Authorization header. */
  authorization: string
}

export interface HybridWizardNeeds {
  /** The cmdlets of an organisation elsewhere. Not reached, not let in or refused → a Refusal. */
  tenantSide(tenant: Tenant, hears: Pick<CmdletContext, 'warn' | 'signal'>): Side
  /** Base of the addresses that other organisations are given of this site. */
  reachedAt: () => string
  /** Publishes TXT records for an organisation; undefined = its administrator does. */
  publisherFor(organisation: string): PublishProof | undefined
}

/** The Hybrid Configuration Wizard as a cmdlet of the site on-premises (hybrid reference 9). */
export function updateHybridConfiguration({ tenantSide, reachedAt, publisherFor }: HybridWizardNeeds): Cmdlet {
  return cmdlet(name, {
    summary:
      'Brings both premises to what the hybrid configuration says, step by step; what is right is left alone. May be run again at any time.',
    roles: ['Organization Configuration', 'Federated Sharing'],
    // It makes AuthServer and PartnerApplication objects: whose tokens are taken.
    dangerous: true,
    parameters: {
      TenantCredentials: take.optional(take.credential(), {
        summary: 'An administrator of the online organisation with an app password, which does all but what app passwords may not.',
      }),
      TenantAccessToken: take.optional(take.secureString(), {
        summary: 'An access token of an administrator of the online organisation, signed in there a few minutes ago.',
      }),
      OnPremisesCredentials: take.optional(take.credential(), {
        summary: 'Is not needed: on this side it works with the rights of whoever runs it.',
      }),
    },
    returns: 'HybridChange',
    run: (args, context) => brought(args, context, false),
    preview: (args, context) => brought(args, context, true),
  })

  async function brought(
    { TenantCredentials, TenantAccessToken, OnPremisesCredentials }: Credentials,
    context: CmdletContext,
    dry: boolean,
  ): Promise<{ Side: string; Command: string }[]> {
    const { configuration, organisation, warn, signal, invoke } = context
    const authorization = authorizationOf(TenantCredentials, TenantAccessToken)
    const plan = planOf(await configuration.get(organisation, 'HybridConfiguration'), reachedAt())
    if (OnPremisesCredentials) warn(`-OnPremisesCredentials of ${name} is not needed: this side is changed with your own rights.`)
    using progress = progressOf(context, name)
    const changes = await setUpHybrid({
      ...{ plan, signal, dry, planIsWritten: true },
      onPremises: { name: 'on-premises', invoke },
      online: tenantSide({ url: plan.online.url, organisation: plan.onlineDomain, authorization }, { warn, signal }),
      publish: publisherFor(organisation) ?? (async (record) => warn(publishText(record))),
      progress(event) {
        if ('step' in event) progress.step({ status: event.step, percent: Math.floor((100 * (event.at - 1)) / event.of) })
      },
    })
    return changes.map(({ side, command }) => ({ Side: side, Command: command }))
  }
}

interface Credentials {
  TenantCredentials?: Credential
  TenantAccessToken?: string
  OnPremisesCredentials?: Credential
}

const publishText = ({ domain, text }: Parameters<PublishProof>[0]) =>
  `Publish this TXT record of ${domain}, and run ${name} again if the next step does not find it: ${text}`

/** Basic (RFC 7617) or Bearer (RFC 6750 2.1). */
function authorizationOf(credentials: Credential | undefined, token: string | undefined): string {
  if ((credentials === undefined) === (token === undefined)) {
    throw new Refusal('InvalidParameter', `${name} needs one of -TenantCredentials and -TenantAccessToken.`, {
      cmdlet: name,
      parameter: 'TenantCredentials',
    })
  }
  if (token !== undefined) {
    if (/^[A-Za-z0-9._~+/-]{1,8192}=*$/.test(token)) return `Bearer ${token}`
    throw new Refusal('InvalidParameter', `-TenantAccessToken of ${name} is no access token.`, {
      cmdlet: name,
      parameter: 'TenantAccessToken',
    })
  }
  const { UserName, Password } = credentials!
  if (UserName === '' || UserName.includes(':'))
    throw new Refusal('InvalidParameter', `-TenantCredentials of ${name}: a user name has no colon in it, and is not empty.`, {
      cmdlet: name,
      parameter: 'TenantCredentials',
    })
  return `Basic ${Buffer.from(`${UserName}:${Password}`).toString('base64')}`
}

/** The answers to the wizard's questions. What has no answer → InvalidConfiguration, all of it at once. */
function planOf(object: ConfigurationObject<'HybridConfiguration'>, here: string): HybridPlan {
  const { Domains, Features, TenantUrl, AuthServiceUrl, CoexistenceDomain, OnPremisesSmartHost, TenantSmartHost, TlsCertificateName } =
    object
  const asked = { Domains: Domains[0] ?? '', TenantUrl, AuthServiceUrl, CoexistenceDomain }
  const missing = Object.entries(asked).flatMap(([property, value]) => (value === '' ? [`-${property}`] : []))
  if (missing.length > 0)
    throw new Refusal(
      'InvalidConfiguration',
      `The hybrid configuration does not say enough: Set-HybridConfiguration ${missing.join(', ')}.`,
    )
  if (!hasTrust({ federation: object.FederationEnabled, oauth: object.OAuthEnabled }))
    throw new Refusal(
      'InvalidConfiguration',
      'The hybrid configuration has neither OAuth nor a federation: Set-HybridConfiguration -OAuthEnabled $true.',
    )
  const origin = (url: string) => new URL(url).origin
  return {
    domains: Domains,
    onlineDomain: CoexistenceDomain,
    authService: origin(AuthServiceUrl),
    onPremises: {
      url: origin(object.OnPremisesUrl || here),
      autodiscover: origin(object.AutodiscoverUrl || `https://autodiscover.${Domains[0]}`),
      ...(OnPremisesSmartHost ? { mail: OnPremisesSmartHost } : {}),
      ...(TlsCertificateName ? { certificate: TlsCertificateName } : {}),
    },
    online: { url: origin(TenantUrl), ...(TenantSmartHost ? { mail: TenantSmartHost } : {}) },
    features: [...Features],
    federation: object.FederationEnabled,
    oauth: object.OAuthEnabled,
  }
}
