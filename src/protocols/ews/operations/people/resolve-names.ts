import { recipientTypes, type Directory, type Recipient } from '#directory'
import type { FolderRef, Item } from '#mailbox'
import { Refusal, type EmailEntries } from '#model'
import { ResolveNames, type EmailAddressElement, type EwsItem, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { ewsItem, itemIdElement } from '../../convert/item.ts'
import { isListed, recipientContact, recipientMailbox, type ContactSurroundings } from '../../convert/recipient.ts'
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

/** Direct reports that a contact tells of, at most. */
const mostReports = 200

async function fromDirectory(context: EwsContext, entry: string, request: Request): Promise<Resolution[]> {
  const found = await context.directory.resolve(context.caller.organisation, entry, mostResolutions + 1)
  const full = request.ReturnFullContactData
  // Who was found alone is who was meant: reports and the photo are looked up for nobody else.
  const whole = found.length === 1 && request.ContactDataShape === 'AllProperties'
  return Promise.all(
    found.map(async (recipient) => ({
      Mailbox: recipientMailbox(recipient),
      ...(full ? { Contact: shownTo(context, recipientContact(recipient, await surroundings(context, recipient, whole))) } : {}),
    })),
  )
}

/** A contact without what the caller's schema does not know (MS-OXWSCONT_R1275). */
function shownTo({ version }: EwsContext, contact: EwsItem): EwsItem {
  const { hidden } = askedBy({ BaseShape: 'AllProperties' }, version)
  const properties = Object.fromEntries(Object.entries(contact.properties).filter(([name]) => !hidden(name)))
  return { ...contact, properties }
}

async function surroundings({ directory }: EwsContext, recipient: Recipient, whole: boolean): Promise<ContactSurroundings> {
  const { organisation, manager } = recipient
  return {
    manager: manager ? await directory.recipient(organisation, manager) : undefined,
    ...(whole ? { reports: await reportsOf(directory, recipient), photo: (await directory.photo(recipient))?.data } : {}),
  }
}

async function reportsOf(directory: Directory, { organisation, id }: Recipient): Promise<Recipient[]> {
  const filter = await directory.readFilter(organisation, `Manager -eq '${id}'`)
  const search = { organisation, types: recipientTypes.map(({ details }) => details), filter, sortBy: 'DisplayName', limit: mostReports }
  return (await directory.search(search)).recipients.filter(isListed)
}

/** Contacts that the words of an entry are looked for in, at most. */
const mostContacts = 1000
const names = ['displayName', 'givenName', 'middleName', 'surname', 'companyName', 'nickname', 'fileAs'] as const
const shapes = { IdOnly: 'IdOnly', Default: 'Default', AllProperties: 'AllProperties' } as const

/** The folder that is searched: one alone, of contacts ([MS-OXWSRSLNM] 3.1.4.1), or the caller's Contacts. */
async function contactsFolder(context: EwsContext, { ParentFolderIds = [] }: Request): Promise<FolderRef> {
  const [id, ...more] = ParentFolderIds
  if (!id) return { mailbox: await context.ownMailbox(), kind: 'contacts' }
  if (more.length > 0) throw new Refusal('ResolveNamesOnlyOneContactsFolderAllowed', 'ResolveNames/ParentFolderIds: at most one folder')
  const ref = await folderRef(context, id)
  const { row } = await context.mailboxes.getFolder(context.caller, ref)
  if (!row.folderClass?.startsWith('IPF.Contact')) {
    throw new Refusal('ResolveNamesInvalidFolderType', `The folder '${row.name}' holds no contacts.`)
  }
  return ref
}

async function fromContacts(context: EwsContext, entry: string, request: Request): Promise<Resolution[]> {
  const folder = await contactsFolder(context, request)
  const asked = askedBy({ BaseShape: shapes[request.ContactDataShape ?? 'Default'] }, context.version)
  const paths = [...names, 'emailAddresses', 'members'].map((property) => ({ property }))
  const found = await context.mailboxes.findItems(context.caller, {
    until: context.deadline,
    folders: [folder],
    traversal: 'Shallow',
    words: entry,
    view: { kind: 'indexed', offset: 0, limit: mostContacts, from: 'Beginning' },
    wanted: { ...asked.wanted, paths },
  })
  const full = request.ReturnFullContactData
  return found.items
    .filter((item) => isCalled(item, entry))
    .flatMap((item) => contactResolutions(item, full ? ewsItem(item, asked) : undefined))
}

const entriesOf = ({ properties }: Item) =>
  Object.values((properties.emailAddresses ?? {}) as EmailEntries).filter(({ address }) => address)

/** True when each word of the entry begins a word of a name, or an address: the index finds notes and attachments too. */
function isCalled(item: Item, entry: string): boolean {
  const texts = names.flatMap((name) => (typeof item.properties[name] === 'string' ? [item.properties[name].toLowerCase()] : []))
  const words = [
    ...texts.flatMap((text) => text.split(/[\s,;.()]+/)),
    ...texts,
    ...entriesOf(item).map(({ address }) => address.toLowerCase()),
  ]
  const wanted = entry.toLowerCase().split(/[\s,;]+/).filter(Boolean) // prettier-ignore
  return wanted.every((one) => words.some((word) => word.startsWith(one)))
}

/** One resolution for each address of a contact, one for a private list ([MS-OXWSRSLNM] 3.1.4.1). */
function contactResolutions(item: Item, contact: EwsItem | undefined): Resolution[] {
  const Name = (item.properties.displayName ?? item.properties.fileAs ?? '') as string
  const ItemId = itemIdElement(item.ref, item.head.change)
  if (item.kind === 'list') return [{ Mailbox: { Name, RoutingType: 'MAPIPDL', MailboxType: 'PrivateDL', ItemId } }]
  return entriesOf(item).map(({ address, routingType }) => ({
    Mailbox: { Name, EmailAddress: address, RoutingType: routingType ?? 'SMTP', MailboxType: 'Contact', ItemId },
    ...(contact ? { Contact: contact } : {}),
  }))
}

/** Who a name may be ([MS-OXWSRSLNM] 3.1.4.1): nobody → NameResolutionNoResults; several → a warning and all of them. */
export const resolveNames = verb(ResolveNames, async (request, context) => [
  await answerOne(context, async () => {
    const entry = request.UnresolvedEntry.replace(/^(?:smtp|sip|mailto):/i, '').trim()
    if (entry === '') throw new Refusal('InvalidNameForNameResolution', 'ResolveNames/UnresolvedEntry: expected a name')
    const scope = request.SearchScope ?? 'ActiveDirectoryContacts'
    const sources = { ActiveDirectory: ['directory'], ActiveDirectoryContacts: ['directory', 'contacts'], Contacts: ['contacts'], ContactsActiveDirectory: ['contacts', 'directory'] }[scope] // prettier-ignore
    const all: Resolution[] = []
    for (const source of sources) {
      all.push(...(source === 'directory' ? await fromDirectory(context, entry, request) : await fromContacts(context, entry, request)))
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
