import { z } from 'zod'
import { verb, type WebContext } from '../verb.ts'
import { requireWizard, sideHere, textOf, textsOf, wizardCmdlet } from './sides.ts'

/** The site that the wizard found, what the hybrid configuration says, and whether the session may change something now. */
export const wizardHere = verb(z.object({}), async (context) => {
  await requireWizard(context)
  const side = sideHere(context)
  const [[server], accepted, [written], card] = await Promise.all([
    side.invoke('Get-ExchangeServer', {}),
    side.invoke('Get-AcceptedDomain', {}),
    side.invoke('Get-HybridConfiguration', {}),
    accountHere(context),
  ])
  const domains = accepted.filter(({ DomainType }) => DomainType === 'Authoritative').map(({ DomainName }) => textOf(DomainName))
  const said = (property: string) => textOf(written?.[property])
  return {
    server: { name: textOf(server?.Name), version: textOf(server?.AdminDisplayVersion), roles: textsOf(server?.ServerRole) },
    organisation: context.site.name,
    domains,
    account: card,
    /** What the wizard was answered before, and what it would propose. */
    answers: {
      isWritten: written !== undefined,
      domains: textsOf(written?.Domains),
      features: written ? textsOf(written.Features) : ['FreeBusy', 'MailTips', 'SecureMail'],
      federation: written?.FederationEnabled !== false,
      onlineUrl: said('TenantUrl'),
      onlineDomain: said('CoexistenceDomain'),
      onlineMail: said('TenantSmartHost'),
      authService: said('AuthServiceUrl'),
      url: said('OnPremisesUrl') || context.wizard.reachedAt(),
      autodiscover: said('AutodiscoverUrl'),
      mail: said('OnPremisesSmartHost'),
      certificate: /<S>(?:.*,)?\s*CN=([^,]+)/i.exec(said('TlsCertificateName'))?.[1]?.trim() ?? '',
    },
  }
})

/** The account on-premises is that of the session; `stepUp`: its factors were shown too long ago for what is changed. */
async function accountHere({ admin, caller }: WebContext) {
  const { name, address, signedIn } = caller
  const again = await admin.asksAgain(caller, wizardCmdlet)
  const state: 'verified' | 'stepUp' = again ? 'stepUp' : 'verified'
  return { name, address, secondFactor: signedIn?.secondFactor === true, state }
}
