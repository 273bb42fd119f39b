import type { Recipient } from '#directory'
import type { FolderRef, Item } from '#mailbox'
import { Refusal, type EmailEntries, type Restriction } from '#model'
import { ResolveNames, type EmailAddressElement, type EwsItem, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { ewsItem, itemIdElement } from '../../convert/item.ts'
import { recipientContact, recipientMailbox } from '../../convert/recipient.ts'
import { askedBy } from '../../convert/shape.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

type Request = Infer<typeof ResolveNames.request>
interface Resolution {
  Mailbox: EmailAddressElement
  Contact?: EwsItem
}
/** [MS-OXWSRSLNM] 3.1.4.1: at most this many resolutions. */
const mostResolutions = 100

async function fromDirectory(context: EwsContext, entry: string, full: boolean): Promise<Resolution[]> {
  const found = await context.directory.resolve(context.caller.organisation, entry, mostResolutions + 1)
  const managerOf = async ({ manager }: Recipient): Promise<Recipient | undefined> =>
    full && manager ? context.directory.recipient(context.caller.organisation, manager) : undefined
  return Promise.all(
    found.map(async (recipient) => ({
      Mailbox: recipientMailbox(recipient),
      ...(full ? { Contact: recipientContact(recipient, await managerOf(recipient)) } : {}),
    })),
  )
}

async function fromContacts(
  context: EwsContext,
  entry: string,
  { ParentFolderIds, ReturnFullContactData: full }: Request,
): Promise<Resolution[]> {
  const names = ['displayName', 'givenName', 'surname', 'companyName', 'nickname', 'emailAddresses']
  const restriction: Restriction = {
    or: names.map((property) => ({ contains: { property }, value: entry, mode: 'Prefixed', comparison: 'IgnoreCase' })),
  }
  const folders: FolderRef[] = []
  for (const id of ParentFolderIds ?? []) folders.push(await folderRef(context, id))
  if (folders.length === 0) folders.push({ mailbox: await context.ownMailbox(), kind: 'contacts' })
  const asked = askedBy({ BaseShape: 'Default' }, context.version)
  const paths = [...names, 'fileAs'].map((property) => ({ property }))
  const found = await context.mailboxes.findItems(context.caller, {
    folders,
    traversal: 'Shallow',
    restriction,
    view: { kind: 'indexed', offset: 0, limit: mostResolutions, from: 'Beginning' },
    wanted: { ...asked.wanted, paths },
  })
  return found.items.flatMap((item) => contactResolutions(item, full ? ewsItem(item, asked) : undefined))
}

/** One resolution for each address of a contact ([MS-OXWSRSLNM] 3.1.4.1). */
function contactResolutions(item: Item, contact: EwsItem | undefined): Resolution[] {
  const entries = Object.values((item.properties.emailAddresses ?? {}) as EmailEntries).filter(({ address }) => address)
  const Name = (item.properties.displayName ?? item.properties.fileAs ?? '') as string
  return entries.map(({ address, routingType }) => ({
    Mailbox: {
      Name,
      EmailAddress: address,
      RoutingType: routingType ?? 'SMTP',
      MailboxType: 'Contact',
      ItemId: itemIdElement(item.ref, item.head.change),
    },
    ...(contact ? { Contact: contact } : {}),
  }))
}

/** Who a name may be ([MS-OXWSRSLNM] 3.1.4.1): nobody → NameResolutionNoResults; several → a warning and all of them. */
export const resolveNames = verb(ResolveNames, async (request, context) => [
  await answerOne(context, async () => {
    const entry = request.UnresolvedEntry.replace(/^(?:smtp|sip|mailto):/i, '').trim()
    if (entry === '') throw new Refusal('InvalidNameForNameResolution', 'ResolveNames/UnresolvedEntry: expected a name')
    const scope = request.SearchScope ?? 'ActiveDirectoryContacts'
    const full = request.ReturnFullContactData
    const sources = { ActiveDirectory: ['directory'], ActiveDirectoryContacts: ['directory', 'contacts'], Contacts: ['contacts'], ContactsActiveDirectory: ['contacts', 'directory'] }[scope] // prettier-ignore
    const all: Resolution[] = []
    for (const source of sources) {
      all.push(...(source === 'directory' ? await fromDirectory(context, entry, full) : await fromContacts(context, entry, request)))
    }
    if (all.length === 0) throw new Refusal('NameResolutionNoResults', `Nobody is called '${entry.slice(0, 80)}'.`)
    const shown = all.slice(0, mostResolutions)
    const ResolutionSet = { Resolution: shown, TotalItemsInView: shown.length, IncludesLastItemInRange: all.length <= mostResolutions }
    if (all.length === 1) return { ResolutionSet }
    return {
      ResponseClass: 'Warning' as const,
      MessageText: 'Multiple results were found.',
      ResponseCode: 'ErrorNameResolutionMultipleResults' as const,
      DescriptiveLinkKey: 0,
      ResolutionSet,
    }
  }),
])
