import { prependHeaders } from '#wire'
import type { AuthAs, TransportContext } from '../contract.ts'
import type { Draft } from '../accept/draft.ts'
import { takeGuarded, type TakenField } from './header-firewall.ts'
import { crossPremisesPrefix, fieldsWith, organisationPrefix, originatorField, valuesOf } from './headers.ts'
import { vouchedDomain, partnerOf, senderDomain } from './partner.ts'

/** A message as one organisation takes it in. */
export interface Judged {
  bytes: Uint8Array
  authAs: AuthAs
  /** The domain that the other premises vouch for. */
  originatorOrg?: string
}

interface Case {
  ctx: TransportContext
  draft: Draft
  organisation: string
  /** The message behind the firewall, and what the firewall took. */
  clean: Uint8Array
  taken: TakenField[]
}

/** What a message is to an organisation: the first that answers decides. */
const verdicts: readonly { name: string; reference: string; judge: (one: Case) => Promise<Judged | undefined> }[] = [
  { name: 'own people', reference: 'EXDOC header-firewall', judge: ofOwnPeople },
  { name: 'the other premises', reference: 'hybrid reference 9; PSDOC TlsDomainCapabilities, TlsSenderCertificateName', judge: promoted },
  { name: 'anybody', reference: 'hybrid reference 9 (CHOICE)', judge: ofAnybody },
]

/**
 * Judges a message for the organisation it is queued in: whose sender it is, and which header fields it may bring. From the other
 * premises `X-MS-Exchange-CrossPremises-…` become `X-MS-Exchange-Organization-…` in place of those there were; from everybody else both
 * are taken out. Never refuses.
 */
export async function judgeFor(ctx: TransportContext, draft: Draft, organisation: string): Promise<Judged> {
  const { bytes: clean, taken } = takeGuarded(draft.bytes)
  for (const { judge } of verdicts) {
    const judged = await judge({ ctx, draft, organisation, clean, taken })
    if (judged) return judged
  }
  return { bytes: clean, authAs: 'Anonymous' }
}

async function ofOwnPeople({ draft: { caller }, organisation, clean }: Case): Promise<Judged | undefined> {
  const own = caller.kind === 'user' || caller.kind === 'system'
  return own && caller.organisation === organisation ? { bytes: clean, authAs: 'Internal' } : undefined
}

/**
 * Believes the client when its certificate is verified, a connector of the organisation is for it, and the sender is of a domain it may
 * vouch for: the one it states, else the reverse path's. It does not thereby say that the sender is one of its own people: a stranger's
 * mail comes on the same way, as Anonymous.
 */
async function promoted({ ctx, draft, organisation, clean, taken }: Case): Promise<Judged | undefined> {
  const { certificates = [], originatorOrg } = draft.origin
  if (certificates.length === 0) return undefined
  const partner = await partnerOf(ctx, organisation, draft.origin)
  if (!partner) return undefined
  const problem = ctx.verify(certificates, draft.now)
  if (problem) {
    ctx.log.warn(
      { connector: partner.connector, client: draft.origin.address, problem },
      'cross-premises mail not believed: the certificate',
    )
    return undefined
  }
  const stated = draft.headers.filter(({ key }) => key === originatorField.toLowerCase()).map(({ raw }) => raw)
  const domains = [...(originatorOrg ? [originatorOrg] : []), ...stated]
  const vouched = await vouchedDomain(ctx, organisation, partner, domains.length > 0 ? domains : senderDomain(draft.envelope.sender))
  if (!vouched) return undefined
  const values = valuesOf(taken, crossPremisesPrefix)
  const authAs: AuthAs = values.get('AuthAs')?.toLowerCase() === 'internal' ? 'Internal' : 'Anonymous'
  values.set('AuthAs', authAs)
  const bytes = prependHeaders(clean, fieldsWith(organisationPrefix, values))
  return { bytes, authAs, ...(authAs === 'Internal' ? { originatorOrg: vouched } : {}) }
}

/** Words of such fields that are looked at; honest ones have one. */
const mostWords = 10

/** Nobody states for strangers that they are of this organisation. */
async function ofAnybody({ ctx, organisation, clean }: Case): Promise<Judged> {
  const key = originatorField.toLowerCase()
  const { bytes, taken } = takeGuarded(clean, [key])
  const words = new Set(taken.flatMap(({ value }) => value.toLowerCase().match(/[^\s"(),;<>]+/g) ?? []))
  for (const word of [...words].slice(0, mostWords)) {
    if ((await ctx.directory.acceptedDomain(word))?.organisation === organisation) return { bytes, authAs: 'Anonymous' }
  }
  if (words.size > mostWords) return { bytes, authAs: 'Anonymous' }
  return { bytes: clean, authAs: 'Anonymous' }
}
