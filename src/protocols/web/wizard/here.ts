import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { commonNameOf, type Side } from '#hybrid'
import { Refusal } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { requireWizard, sideHere, textOf, textsOf, wizardCmdlet } from './sides.ts'

const mostCertificates = 50

/** The site that the wizard found, what the hybrid configuration says, and whether the session may change something now. */
export const wizardHere = verb(z.object({}), async (context) => {
  await requireWizard(context)
  const side = sideHere(context)
  const [[server], accepted, [written], certificates, card] = await Promise.all([
    side.invoke('Get-ExchangeServer', {}),
    side.invoke('Get-AcceptedDomain', {}),
    side.invoke('Get-HybridConfiguration', {}),
    certificatesHere(side),
    accountHere(context),
  ])
  const domains = accepted.filter(({ DomainType }) => DomainType === 'Authoritative').map(({ DomainName }) => textOf(DomainName))
  const said = (property: string) => textOf(written?.[property])
  return {
    server: { name: textOf(server?.Name), version: textOf(server?.AdminDisplayVersion), roles: textsOf(server?.ServerRole) },
    organisation: context.site.name,
    domains,
    account: card,
    certificates: certificatesForMail(certificates),
    /** What the wizard was answered before, and what it would propose. */
    answers: {
      isWritten: written !== undefined,
      domains: textsOf(written?.Domains),
      features: written ? textsOf(written.Features) : ['FreeBusy', 'MailTips', 'SecureMail'],
      federation: written?.FederationEnabled !== false,
      oauth: written?.OAuthEnabled !== false,
      onlineUrl: said('TenantUrl'),
      onlineDomain: said('CoexistenceDomain'),
      onlineMail: said('TenantSmartHost'),
      authService: said('AuthServiceUrl'),
      url: said('OnPremisesUrl') || context.wizard.reachedAt(),
      autodiscover: said('AutodiscoverUrl'),
      mail: said('OnPremisesSmartHost'),
      certificate: said('TlsCertificateName'),
    },
  }
})

/** The certificates of the site; none for whoever may not see them. */
async function certificatesHere(side: Side): Promise<Record<string, unknown>[]> {
  try {
    return await side.invoke('Get-ExchangeCertificate', {})
  } catch (error) {
    if (error instanceof Refusal && error.code === 'AccessDenied') return []
    throw error
  }
}

/** The certificates that a mail server can show, each by the name that configuration has for it; of those of one name the one that lasts longest. */
function certificatesForMail(all: readonly Record<string, unknown>[]) {
  const found = new Map<string, { name: string; title: string; until: number }>()
  for (const { Services, Status, NotAfter, RawData } of all) {
    if (Status !== 'Valid' || !textsOf(Services).includes('SMTP')) continue
    const { issuer, subject } = new X509Certificate(Buffer.from(textOf(RawData), 'base64'))
    const line = (name: string) => name.split('\n').join(', ')
    const name = `<I>${line(issuer)}<S>${line(subject)}`
    const until = NotAfter instanceof Date ? NotAfter.getTime() : 0
    if (until > (found.get(name)?.until ?? 0)) found.set(name, { name, title: commonNameOf(name) ?? line(subject), until })
  }
  return [...found.values()].slice(0, mostCertificates)
}

/** The account on-premises is that of the session; `stepUp`: its factors were shown too long ago for what is changed. */
async function accountHere({ admin, caller }: WebContext) {
  const { name, address, signedIn } = caller
  const again = await admin.asksAgain(caller, wizardCmdlet)
  const state: 'verified' | 'stepUp' = again ? 'stepUp' : 'verified'
  return { name, address, secondFactor: signedIn?.secondFactor === true, state }
}
