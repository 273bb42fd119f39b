import { domainOf } from '#directory'
import type { Folder } from '#mailbox'
import { Refusal, type Caller } from '#model'
import { invitationAction, openSealed, SecurityFailure } from '#trust'
import { childNamed, elementsOf, readXml, textOf, type XmlElement } from '#wire'
import { requesterOf } from '../lookup/lookup.ts'
import { exchangeSharingUri, invalidData, readSharedFolder, sharedData, sharingUri, type SharedFolder } from './shared-folder.ts'
import type { SharingContext } from './sharing.ts'

const limits = { size: 1024 * 1024, depth: 40, nodes: 20_000 }
/** How many sealed parts of an invitation are tried: each costs a decryption. */
const mostSealed = 20

/** What the metadata of an invitation says in clear ([MS-OXSHRMSG] 2.2.5). */
interface Invitation {
  title: string
  sharerName: string
  sealed: { token: string; data: string }[]
}

/**
 * Accepts the invitation whose sharing_metadata.xml this is ([MS-OXSHRMSG] 2.2.5): what is sealed for this organisation is opened, the local
 * folder made. What is no such metadata → InvalidSharingMessage; an invitation that says nothing for other organisations, or is about what
 * is not shared here → NotSupportedSharingMessage; a token that is not believed, or data that do not open → InvalidSharingData; a token of
 * another sender → InvalidExternalSharingInitiator; none of the caller's addresses is invited → InvalidExternalSharingSubscriber.
 */
export async function acceptInvitation(ctx: SharingContext, caller: Caller, mailbox: string, metadata: Uint8Array): Promise<Folder> {
  const { title, sharerName, sealed } = readInvitation(metadata)
  const { address, addresses } = await requesterOf(ctx, caller)
  const own = new Set([address.toLowerCase(), ...addresses])
  let why: Refusal | undefined
  for (const part of sealed.slice(0, mostSealed)) {
    try {
      const { shared, claimed } = await opened(ctx, caller.organisation, part)
      if (!claimed.includes(shared.sender))
        throw new Refusal(
          'InvalidExternalSharingInitiator',
          `The invitation says it is of ${shared.sender.slice(0, 320)}, its token does not.`,
        )
      const invited = shared.recipients.find((one) => own.has(one.address))
      if (!invited) throw new Refusal('InvalidExternalSharingSubscriber', `The invitation is not for ${caller.address}.`)
      return await ctx.mailboxes.acceptShare(caller, mailbox, {
        sharer: shared.sender,
        sharerName,
        data: shared.data,
        title,
        sharedFolder: shared.folderId,
        invited: invited.address,
        key: invited.key,
      })
    } catch (error) {
      // One invitation holds a part for each organisation that it went to; those of others do not open here.
      if (!(error instanceof Refusal) || !sharingCodes.has(error.code)) throw error
      if (!why || why.code === 'InvalidSharingData') why = error
    }
  }
  throw why ?? new Refusal('NotSupportedSharingMessage', 'The invitation carries nothing for people of other organisations.')
}

const sharingCodes = new Set<string>(['InvalidSharingData', 'InvalidExternalSharingInitiator', 'InvalidExternalSharingSubscriber'])

async function opened(
  { federatedRequests, configuration }: SharingContext,
  organisation: string,
  { token, data }: Invitation['sealed'][number],
): Promise<{ shared: SharedFolder; claimed: string[] }> {
  try {
    const { claims, key } = await federatedRequests.openToken(organisation, token)
    if (claims.action !== invitationAction) throw invalidData('comes with a token for another purpose')
    const shared = readSharedFolder(openSealed(data, key))
    const relationship = await configuration.owner(organisation, 'OrganizationRelationship', 'DomainNames', domainOf(shared.sender))
    if (!relationship?.Enabled)
      throw new Refusal(
        'SharingNoExternalEwsAvailable',
        `No organisation relationship here is for the domain of ${shared.sender.slice(0, 320)}.`,
      )
    return { shared, claimed: claims.addresses.map((one) => one.toLowerCase()) }
  } catch (error) {
    if (error instanceof SecurityFailure) throw invalidData('is not believed, has expired or is for another organisation')
    throw error
  }
}

/** Exported for the fuzz reader: what the metadata say, or a refusal. */
export function readInvitation(bytes: Uint8Array): Invitation {
  const root = rootOf(bytes)
  if (root.name !== 'SharingMessage' || root.namespace !== sharingUri)
    throw new Refusal('InvalidSharingMessage', 'The attachment is no sharing message.')
  const invitation = childNamed(root, 'Invitation')
  if (!invitation || !sharedData(textAt(root, 'DataType')))
    throw new Refusal('NotSupportedSharingMessage', 'The message invites to no calendar and no folder of contacts.')
  const providers = elementsOf(childNamed(invitation, 'Providers') ?? invitation).filter(({ name }) => name === 'Provider')
  const sealed = providers
    .filter(({ attributes }) => attributes.Type === 'ms-exchange-external')
    .flatMap((provider) => elementsOf(childNamed(provider, 'EncryptedSharedFolderDataCollection', exchangeSharingUri) ?? provider))
    .filter(({ name }) => name === 'EncryptedSharedFolderData')
    .map((one) => ({ token: inside(one, 'Token'), data: inside(one, 'Data') }))
  const initiator = childNamed(root, 'Initiator')
  return {
    title: textAt(invitation, 'Title').slice(0, 100) || textAt(root, 'DataType'),
    sharerName: initiator ? textAt(initiator, 'Name').slice(0, 100) : '',
    sealed,
  }
}

function rootOf(bytes: Uint8Array): XmlElement {
  try {
    return readXml(bytes, limits)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal('InvalidSharingMessage', `sharing_metadata.xml cannot be read: ${error.message}`)
  }
}

/** The one element within, as it was written: it was sealed byte for byte. */
function inside(parent: XmlElement, name: string): string {
  const holder = childNamed(parent, name)
  if (!holder || elementsOf(holder).length !== 1) throw new Refusal('InvalidSharingMessage', `The invitation has no ${name}.`)
  return holder.inner().trim()
}

function textAt(parent: XmlElement, name: string): string {
  const child = childNamed(parent, name)
  return child ? textOf(child).trim() : ''
}
