import { domainOf, type ConfigurationObject } from '#directory'
import { sharingPolicyFor, type FolderRef } from '#mailbox'
import { Refusal, type Caller, type RefusalCode } from '#model'
import { encryptWithKey, invitationAction } from '#trust'
import { LookupFailure } from '../failure.ts'
import type { Requester } from '../lookup/asker.ts'
import { homeOf } from '../lookup/home.ts'
import { requesterOf } from '../lookup/lookup.ts'
import { RemoteFailure } from '../remote/http.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import { writeSharedFolder } from './shared-folder.ts'
import type { SharingContext } from './sharing.ts'

type Relationship = ConfigurationObject<'OrganizationRelationship'>

/** Why somebody cannot be invited ([MS-OXWSMSHR] 2.2.5 InvalidRecipientResponseCodeType). */
export interface InvalidRecipient {
  address: string
  code:
    | 'RecipientOrganizationNotFederated'
    | 'CannotObtainTokenFromSTS'
    | 'SystemPolicyBlocksSharingWithThisRecipient'
    | 'RecipientOrganizationFederatedWithUnknownTokenIssuer'
  why: string
}

/** What goes into the invitation: for each organisation's people a token that it alone opens, and what is sealed with the token's key. */
export interface SharingMetadata {
  sealed: { token: string; data: string }[]
  invalid: InvalidRecipient[]
}

/** Somebody who can be invited. */
interface Invited {
  /** As the request wrote it, and as the other organisation knows it. */
  given: string
  address: string
  relationship: Relationship
  rights: number
}

const mostInvited = 100
/** Failures that are the sharer's own organisation's: nobody can be invited. */
const ownFailures: readonly RefusalCode[] = [
  'OrganizationNotFederated',
  'InvalidFederatedOrganizationId',
  'UserWithoutFederatedProxyAddress',
]

/**
 * What an invitation to a folder carries ([MS-OXWSMSHR] 3.1.4.2): a token of the auth service for the invited people's organisation, and the
 * folder with the key of each, sealed with the token's key. Who cannot be invited stands beside them. Refuses as `folderToShare` and
 * OrganizationNotFederated, InvalidExternalSharingInitiator (the sender is not the caller), ExceededFindCountLimit.
 */
export async function sharingMetadata(
  ctx: SharingContext,
  caller: Caller,
  ref: FolderRef,
  folderId: string,
  sender: string,
  recipients: readonly string[],
): Promise<SharingMetadata> {
  if (recipients.length > mostInvited) throw new Refusal('ExceededFindCountLimit', `At most ${mostInvited} people can be invited at once.`)
  const folder = await ctx.mailboxes.folderToShare(caller, ref)
  const requester = await requesterOf(ctx, caller)
  if (![requester.address.toLowerCase(), ...requester.addresses].includes(sender.toLowerCase())) {
    throw new Refusal('InvalidExternalSharingInitiator', `SenderSmtpAddress: '${sender.slice(0, 320)}' is no address of ${caller.address}.`)
  }
  const { organisation } = caller
  const identifier = await ctx.configuration.get(organisation, 'FederatedOrganizationIdentifier')
  if (!identifier.Enabled || !identifier.DelegationTrustLink)
    throw new Refusal('OrganizationNotFederated', 'This organisation is not federated: its people share nothing with others.')
  const trust = await ctx.configuration.find(organisation, 'FederationTrust', identifier.DelegationTrustLink)
  const invalid: InvalidRecipient[] = []
  const invited: Invited[] = []
  for (const given of new Set(recipients.map((one) => one.trim()))) {
    const one = await invitedFor(ctx, organisation, given, folder.data)
    if ('why' in one) invalid.push(one)
    else invited.push(one)
  }
  const tokens = await tokensFor(ctx, { ...requester, address: sender.toLowerCase() }, invited)
  const able = invited.filter((one) => {
    const token = tokens.get(one.relationship.Guid)
    if (token instanceof Error) invalid.push({ address: one.given, code: 'CannotObtainTokenFromSTS', why: token.message })
    return token && !(token instanceof Error)
  })
  const keys = able.length > 0 ? await ctx.mailboxes.shareFolder(caller, ref, able) : []
  const about = { data: folder.data, url: await ctx.ewsUrl(organisation), federationUri: trust?.ApplicationUri ?? '', folderId }
  const sealed = able.flatMap(({ address, relationship }, at) => {
    const given = tokens.get(relationship.Guid)
    if (!given || given instanceof Error) return []
    const { token, algorithms } = given
    const text = writeSharedFolder({ ...about, sender: given.address, recipients: [{ address, key: keys[at] ?? '' }] })
    return [{ token: token.token, data: encryptWithKey(text, token.proofKey, { algorithms, random: ctx.random }) }]
  })
  return { sealed, invalid }
}

async function invitedFor(
  { directory, configuration }: SharingContext,
  organisation: string,
  given: string,
  data: 'Calendar' | 'Contacts',
): Promise<Invited | InvalidRecipient> {
  const home = await homeOf(directory, organisation, given)
  if (home.is === 'here')
    return {
      address: given,
      code: 'RecipientOrganizationNotFederated',
      why: 'They are of this organisation: give them rights on the folder.',
    }
  const { target, domain } = home
  const relationship = await configuration.owner(organisation, 'OrganizationRelationship', 'DomainNames', domainOf(target))
  if (!relationship?.Enabled || !relationship.TargetApplicationUri) {
    const why = `No organisation relationship that is enabled is for the domain ${domain}.`
    return { address: given, code: 'RecipientOrganizationNotFederated', why }
  }
  const policy = await sharingPolicyFor(configuration, organisation, domain, data)
  if (!policy) {
    const why = `The default sharing policy lets nobody share ${data === 'Calendar' ? 'a calendar' : 'contacts'} with ${domain}.`
    return { address: given, code: 'SystemPolicyBlocksSharingWithThisRecipient', why }
  }
  return { given, address: target, relationship, rights: policy.level }
}

/** One token an organisation, each fresh: an invitation lies in a mailbox for days. */
async function tokensFor({ tokens, traces, deadline }: SharingContext, requester: Requester, invited: readonly Invited[]) {
  const found = new Map<string, Awaited<ReturnType<typeof tokens.get>> | Error>()
  if (invited.length === 0) return found
  const { organisation, address } = requester.caller
  const recorder = traces.begin({ organisation, role: 'asked', what: 'sharing', from: address })
  // One time for all of them, however many organisations there are.
  const signal = AbortSignal.timeout(2 * deadline)
  const get = async (relationship: Relationship, branch: BranchRecorder) => {
    tokens.forget(requester, relationship, invitationAction)
    return tokens.get(requester, relationship, branch, signal, invitationAction)
  }
  try {
    for (const { relationship, given } of invited) {
      if (found.has(relationship.Guid)) continue
      const branch = recorder.branch('DAuth', [given], [])
      try {
        found.set(relationship.Guid, await get(relationship, branch))
      } catch (error) {
        if (error instanceof LookupFailure && ownFailures.includes(error.code)) throw new Refusal(error.code, error.message)
        if (!(error instanceof LookupFailure || error instanceof RemoteFailure || error instanceof Refusal)) throw error
        found.set(relationship.Guid, error)
      } finally {
        branch.end()
      }
    }
  } finally {
    recorder.end()
  }
  return found
}
