import { publicMailboxGuid, Refusal, type Instant } from '#model'
import type { Store, WriteTx } from '#store'
import type { Directory, Recipient } from './contract.ts'
import { betweenWriters, heldTogether, requireNotHeld } from './holds.ts'
import { domainOf, newGuid, normalAddress, randomBelow, splitProxy, type RandomBytes } from './names.ts'
import { hierarchyFor, requireRemovable } from './public-folder-root.ts'
import { isRecipient, mailboxKinds, mailless, recipientObject, recipientOf } from './rows.ts'

type Changing = Pick<Directory, 'create' | 'update' | 'remove'>
type NewRecipient = Parameters<Directory['create']>[1]

const aliasForm = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const highestRid = 0x3fff_ffff

/** Creating, changing and removing recipients; unique keys are kept by the store. */
export function createChanging({
  store,
  clock,
  random,
  organisations,
}: {
  store: Store
  clock: () => Instant
  random: RandomBytes
  organisations: Pick<Directory, 'acceptedDomain' | 'organisation'>
}): Changing {
  async function filledIn(organisation: string, input: NewRecipient): Promise<Recipient> {
    const owner = await organisations.organisation(organisation)
    if (!owner) throw new Refusal('InvalidArgument', `There is no organisation ${organisation}.`)
    const plain = mailless.includes(input.kind)
    if (!(plain && input.alias === '') && (!aliasForm.test(input.alias) || input.alias.length > 64)) {
      throw new Refusal('InvalidArgument', `'${input.alias}' is not an alias: letters, digits and . - _ without spaces.`)
    }
    const id = input.id ?? newGuid(random)
    const address = input.address ?? input.externalAddress ?? `${input.alias}@${owner.defaultDomain}`
    const [proxyAddresses, primary] = plain ? [[], ''] : withPrimary(input.proxyAddresses ?? [], address)
    const now = clock()
    return {
      created: now,
      changed: now,
      ...input,
      id,
      organisation,
      mailbox: input.mailbox ?? (mailboxKinds.includes(input.kind) ? newGuid(random) : ''),
      ...(input.kind === 'PublicFolderMailbox' ? { publicFolders: publicMailboxGuid(newGuid(random)) } : {}),
      address: primary,
      proxyAddresses,
      legacyExchangeDn:
        input.legacyExchangeDn ??
        `${owner.legacyDn}/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${id.replaceAll('-', '')}-${input.alias}`,
      userPrincipalName: (input.userPrincipalName ?? (mailboxKinds.includes(input.kind) ? primary : '')).toLowerCase(),
      sid: input.sid ?? '',
      fullAccess: input.fullAccess ?? [],
      sendAs: input.sendAs ?? [],
      sendOnBehalf: input.sendOnBehalf ?? [],
      members: input.members ?? [],
      managedBy: input.managedBy ?? [],
    }
  }

  /** A recipient that lives here has its address in a domain of its organisation, or nobody would find it. */
  async function checkDomains(recipient: Recipient): Promise<void> {
    if (recipient.kind === 'MailContact' || recipient.kind === 'MailUser') return
    for (const identity of [recipient.address, recipient.userPrincipalName].filter(Boolean)) {
      const domain = await organisations.acceptedDomain(domainOf(identity))
      if (domain?.organisation !== recipient.organisation) {
        throw new Refusal('InvalidSmtpAddress', `'${identity}': ${domainOf(identity)} is not an accepted domain of the organisation.`, {
          address: identity,
        })
      }
    }
  }

  async function insert(recipient: Recipient, given: boolean): Promise<Recipient> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.write(async (tx) => {
          const sid = given
            ? recipient.sid
            : `${await organisationSid(tx, recipient.organisation)}-${1100 + randomBelow(random, highestRid)}`
          const hierarchy = await hierarchyFor(tx, recipient)
          return recipientOf(await tx.objects.save(recipientObject({ ...recipient, ...hierarchy, sid })))
        })
      } catch (error) {
        // A SID drawn twice, or a root of public folders made in the same moment: once more. Any other key that is taken is the caller's business.
        const again = error instanceof Refusal && /^(sid:|publicfolders:root$)/.test(String(error.detail.key))
        if (given || attempt === 3 || !again) throw error
      }
    }
  }

  /** What becomes a mailbox gets one; so does its archive, which is made without a GUID. */
  const withMailbox = (recipient: Recipient): Recipient => {
    const { kind, mailbox, archive } = recipient
    const own = mailboxKinds.includes(kind) && !mailbox ? { mailbox: newGuid(random) } : {}
    return { ...recipient, ...own, ...(archive && !archive.mailbox ? { archive: { ...archive, mailbox: newGuid(random) } } : {}) }
  }

  return {
    async create(organisation, input) {
      const recipient = withMailbox(await filledIn(organisation, input))
      await checkDomains(recipient)
      return insert(recipient, input.sid !== undefined)
    },
    async update(organisation, id, wanted, { ignoreHold = false } = {}) {
      const current = await store.read((tx) => existing(tx, organisation, id))
      const changes = typeof wanted === 'function' ? wanted(recipientOf(current)) : wanted
      const changed = withMailbox({ ...merged(recipientOf(current), changes), changed: clock() })
      if (changes.address !== undefined || changes.userPrincipalName !== undefined || changes.proxyAddresses) await checkDomains(changed)
      const isTaken = (!changed.mailbox || (recipientOf(current).archive !== undefined && !changed.archive)) && !ignoreHold
      return store.write(async (tx) => {
        if (isTaken) await requireNotHeld(tx, recipientOf(current))
        if (changed.mailbox && changed.kept !== undefined) await betweenWriters(tx, heldTogether(changed))
        if (changed.kind === current.kind) return recipientOf(await tx.objects.save(recipientObject(changed, current.version)))
        const now = await existing(tx, organisation, id)
        if (now.kind !== current.kind || now.version !== current.version) {
          throw new Refusal('StaleObject', `"${changed.displayName}" was changed by someone else meanwhile; read it again.`, { id })
        }
        await tx.objects.remove(organisation, current.kind, id)
        return recipientOf(await tx.objects.save(recipientObject(changed)))
      })
    },
    async remove(organisation, id, { content = false, ignoreHold = false } = {}) {
      await store.write(async (tx) => {
        const row = await existing(tx, organisation, id)
        if (!ignoreHold) await requireNotHeld(tx, recipientOf(row))
        for (const name of ['Photo', 'Credential', 'NtHash', 'SignIn']) {
          if (await tx.objects.get(organisation, name, id)) await tx.objects.remove(organisation, name, id)
        }
        const { mailbox, publicFolders, archive, kept } = recipientOf(row)
        await requireRemovable(tx, recipientOf(row))
        for (const box of content ? [publicFolders ?? mailbox, archive?.mailbox ?? '', String(kept?.DisconnectedArchive ?? '')] : [])
          if (box && (await tx.mailboxes.get(box))) await tx.mailboxes.remove(box)
        await tx.objects.remove(organisation, row.kind, id)
      })
    },
  }
}

async function existing(tx: Pick<WriteTx, 'objects'> | { objects: Pick<WriteTx['objects'], 'byKey'> }, organisation: string, id: string) {
  const row = await tx.objects.byKey(organisation, `recipient:${id.toLowerCase()}`)
  if (!isRecipient(row)) throw new Refusal('UnknownRecipient', `There is no recipient ${id}.`, { id })
  return row
}

async function organisationSid(tx: Pick<WriteTx, 'objects'>, organisation: string): Promise<string> {
  const row = await tx.objects.get(organisation, 'Organization', organisation)
  if (!row) throw new Refusal('InvalidArgument', `There is no organisation ${organisation}.`)
  return String(row.data.sid)
}

/** Identity, organisation and SID stay; an old primary address stays as a secondary one. */
function merged(current: Recipient, changes: Partial<Recipient>): Recipient {
  const next: Recipient = { ...current, ...changes, id: current.id, organisation: current.organisation, sid: current.sid }
  if (mailless.includes(next.kind)) return { ...next, proxyAddresses: [], address: '' }
  const primary = changes.proxyAddresses?.map(splitProxy).find((proxy) => proxy.type === 'smtp' && proxy.primary)?.value
  const [proxyAddresses, address] = withPrimary(next.proxyAddresses, changes.address ?? primary ?? current.address)
  return { ...next, proxyAddresses, address, userPrincipalName: next.userPrincipalName.toLowerCase() }
}

/** The proxy addresses with exactly one primary SMTP address, which stands first. */
function withPrimary(proxies: string[], primary: string): [string[], string] {
  const address = normalAddress(primary)
  const others: string[] = []
  for (const proxy of proxies) {
    const { type, value } = splitProxy(proxy)
    if (type !== 'smtp') others.push(proxy)
    else if (normalAddress(value) !== address) others.push(`smtp:${normalAddress(value)}`)
  }
  return [[`SMTP:${address}`, ...new Set(others)], address]
}
