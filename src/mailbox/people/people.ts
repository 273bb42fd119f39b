import type { Recipient } from '#directory'
import { Refusal, type Caller, type EmailEntries } from '#model'
import type { FolderRef, Item, ItemRef, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { findItems } from '../find/find-items.ts'
import { folderFor } from '../folders/resolve.ts'
import { getItems } from '../items/get-items.ts'
import { accessTo } from '../permissions/access.ts'
import { addressesIn, mostResolved, peopleListed, plain, resolved } from './address-list.ts'
import type { FindPeople, FoundPeople, PeopleVerbs, Person, PersonRef } from './contract.ts'
import { setPhoto } from './set-photo.ts'

const mostLinked = 10
const all: Wanted = { shape: 'all' }

/** The verbs on people, for the protocols. */
export function createPeople(ctx: MailboxContext): PeopleVerbs {
  return {
    findPeople: (caller, input) => findPeople(ctx, caller, input),
    person: (caller, ref, mailbox) => person(ctx, caller, ref, mailbox),
    setPhoto: (caller, address, content) => setPhoto(ctx, caller, address, content),
  }
}

async function findPeople(ctx: MailboxContext, caller: Caller, input: FindPeople): Promise<FoundPeople> {
  const { where, words, restriction } = input
  if (where === 'directory') {
    await accessTo(ctx, caller, await ownMailbox(ctx, caller))
    return peopleListed(ctx, caller, input)
  }
  if ('folder' in where) return inFolder(ctx, caller, where.folder, input)
  const contacts = await inFolder(ctx, caller, { mailbox: where.own, kind: 'contacts' }, { ...input, offset: 0, limit: mostResolved })
  const recipients = words ? await resolved(ctx, caller, words, restriction) : []
  const people = linked(
    contacts.people.flatMap((one) => one.contacts),
    recipients,
  )
  return { people: people.slice(input.offset, input.offset + input.limit), total: people.length }
}

async function ownMailbox(ctx: MailboxContext, caller: Caller): Promise<string> {
  const recipient = await ctx.directory.recipient(caller.organisation, caller.recipient)
  if (!recipient?.mailbox) throw new Refusal('AccessDenied', 'The address list is for people of the organisation with a mailbox.')
  return recipient.mailbox
}

async function inFolder(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  { words, restriction, sort, offset, limit }: FindPeople,
): Promise<FoundPeople> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const folder = await ctx.store.read((tx) => folderFor(tx, access, ref))
  if (!folder.folderClass?.startsWith('IPF.Contact')) {
    throw new Refusal('InvalidFolderTypeForOperation', `The folder '${folder.name}' holds no contacts.`)
  }
  const found = await findItems(ctx, caller, {
    folders: [{ mailbox: folder.mailbox, id: folder.id }],
    traversal: 'Shallow',
    ...(words ? { words } : {}),
    ...(restriction ? { restriction } : {}),
    sort: sort?.length ? sort : [{ path: { property: 'subject' }, descending: false }],
    view: { kind: 'indexed', offset, limit, from: 'Beginning' },
    wanted: all,
  })
  const contacts = found.items.filter(({ kind }) => kind === 'contact' || kind === 'list')
  return { people: contacts.map((contact) => ({ contacts: [contact] })), total: found.total }
}

const addressesOf = ({ properties }: Item): string[] =>
  Object.values((properties.emailAddresses ?? {}) as EmailEntries).flatMap(({ address }) => (address ? [plain(address)] : []))

/** Contacts in their order, each with whom it is of the directory; then the others of the directory. */
function linked(contacts: readonly Item[], recipients: readonly Recipient[]): Person[] {
  const byAddress = new Map(recipients.flatMap((recipient) => addressesIn(recipient).map((address) => [address, recipient] as const)))
  const people = new Map<string, Person>()
  for (const contact of contacts) {
    const recipient = addressesOf(contact).flatMap((address) => byAddress.get(address) ?? [])[0]
    const key = recipient?.id ?? `#${contact.ref.id}`
    const known = people.get(key)
    if (known) known.contacts.push(contact)
    else people.set(key, { contacts: [contact], ...(recipient ? { recipient } : {}) })
  }
  for (const recipient of recipients) if (!people.has(recipient.id)) people.set(recipient.id, { contacts: [], recipient })
  return [...people.values()]
}

async function person(ctx: MailboxContext, caller: Caller, ref: PersonRef, mailbox: string): Promise<Person> {
  await accessTo(ctx, caller, mailbox)
  if ('contact' in ref) {
    const contact = await contactAt(ctx, caller, ref.contact)
    const [address] = addressesOf(contact)
    const recipient = address === undefined ? undefined : await listedRecipient(ctx, caller, address)
    return { contacts: [contact], ...(recipient ? { recipient } : {}) }
  }
  const recipient = 'recipient' in ref ? await recipientAt(ctx, caller, ref.recipient) : await listedRecipient(ctx, caller, ref.address)
  const addresses = recipient ? addressesIn(recipient) : 'address' in ref ? [plain(ref.address)] : []
  const contacts = await contactsWith(ctx, caller, mailbox, addresses)
  if (!recipient && contacts.length === 0) throw new Refusal('ItemNotFound', 'There is no such person.')
  return { contacts, ...(recipient ? { recipient } : {}) }
}

async function contactAt(ctx: MailboxContext, caller: Caller, ref: ItemRef): Promise<Item> {
  const [item] = await getItems(ctx, caller, [ref], { ...all, bodyType: 'Text', paths: [{ property: 'body' }] })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'There is no such person.')
  if (item.kind !== 'contact' && item.kind !== 'list') throw new Refusal('ItemNotFound', 'The item is no contact.')
  return item
}

/** The caller's own contacts with one of these addresses, found by the words of the first. */
async function contactsWith(ctx: MailboxContext, caller: Caller, mailbox: string, addresses: readonly string[]): Promise<Item[]> {
  const [words] = addresses
  if (words === undefined) return []
  const folders: FolderRef[] = [{ mailbox, kind: 'contacts' }]
  const view = { kind: 'indexed', offset: 0, limit: mostLinked, from: 'Beginning' } as const
  const found = await findItems(ctx, caller, { folders, traversal: 'Shallow', words, view, wanted: all })
  return found.items.filter((item) => item.kind === 'contact' && addressesOf(item).some((address) => addresses.includes(address)))
}

async function recipientAt(ctx: MailboxContext, caller: Caller, id: string): Promise<Recipient> {
  const recipient = await ctx.directory.recipient(caller.organisation, id)
  if (!recipient?.address || recipient.hiddenFromAddressLists) throw new Refusal('ItemNotFound', 'There is no such person.')
  return recipient
}

async function listedRecipient(ctx: MailboxContext, caller: Caller, address: string): Promise<Recipient | undefined> {
  const found = /@/.test(address) ? await ctx.directory.find(address, caller.organisation) : undefined
  return found?.hiddenFromAddressLists ? undefined : found
}
