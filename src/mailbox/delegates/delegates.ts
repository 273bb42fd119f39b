import { changeSendersWithin, recipientWithin, type Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import type { WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import type { Delegate, DelegateChange, DelegateVerbs, DeliverMeetings, StoredDelegates } from './contract.ts'
import { levelsOf, setLevels, withoutRights } from './folder-levels.ts'

/** How many people may act for one mailbox. */
const mostDelegates = 100

/** The verbs on delegates, for the protocols. */
export function createDelegates(ctx: MailboxContext): DelegateVerbs {
  return {
    delegates: (caller, mailbox, recipients) => delegates(ctx, caller, mailbox, recipients),
    addDelegates: (caller, mailbox, people, deliver) => change(ctx, caller, mailbox, people, deliver, added),
    updateDelegates: (caller, mailbox, people, deliver) => change(ctx, caller, mailbox, people, deliver, updated),
    removeDelegates: (caller, mailbox, recipients) => removeDelegates(ctx, caller, mailbox, recipients),
  }
}

/** The delegates that a mailbox's settings name. */
export function storedDelegates(settings: Readonly<Record<string, unknown>>): StoredDelegates {
  return (settings.delegates as StoredDelegates | undefined) ?? { users: [], deliver: 'NoForward' }
}

const notDelegate = (): Refusal => new Refusal('NotDelegate', 'That person is no delegate of the mailbox.')

async function ownersAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access & { owner: Recipient }> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full || !access.owner) throw new Refusal('AccessDenied', 'Only the owner may see and choose the delegates of a mailbox.')
  return { ...access, owner: access.owner }
}

async function delegates(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  wanted?: readonly string[],
): Promise<{ delegates: (Delegate | Refusal)[]; deliver: DeliverMeetings }> {
  await ownersAccess(ctx, caller, mailbox)
  return ctx.store.read(async (tx) => {
    const { users, deliver } = storedDelegates((await tx.mailboxes.get(mailbox))?.settings ?? {})
    const found: (Delegate | Refusal)[] = []
    for (const id of wanted ?? users.map(({ recipient }) => recipient)) {
      const one = users.find(({ recipient }) => recipient === id)
      found.push(one ? { ...one, levels: await levelsOf(tx, mailbox, id) } : notDelegate())
    }
    return { delegates: found, deliver }
  })
}

/** What a change makes of one person's entry, or why it makes nothing. */
type Made = (
  entry: StoredDelegates['users'][number] | undefined,
  one: DelegateChange,
  owner: Recipient,
) => StoredDelegates['users'][number] | Refusal

const added: Made = (entry, { recipient, copies = false, private: sees = false }, owner) => {
  if (recipient === owner.id) return new Refusal('DelegateCannotAddOwner', 'The owner is no delegate of the own mailbox.')
  return entry ? new Refusal('DelegateAlreadyExists', 'That person is a delegate already.') : { recipient, copies, private: sees }
}
const updated: Made = (entry, { copies, private: sees }) =>
  entry ? { ...entry, copies: copies ?? entry.copies, private: sees ?? entry.private } : notDelegate()

async function change(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  people: readonly DelegateChange[],
  deliver: DeliverMeetings | undefined,
  made: Made,
): Promise<(Delegate | Refusal)[]> {
  const access = await ownersAccess(ctx, caller, mailbox)
  const { owner } = access
  return ctx.store.write(async (tx) => {
    // The mailbox first: whoever else changes its delegates waits.
    const row = await requireMailbox(tx, mailbox)
    const known = new Set<string>()
    for (const { recipient } of people.slice(0, mostDelegates))
      if (await recipientWithin(tx, owner.organisation, recipient)) known.add(recipient)
    const stored = storedDelegates(row.settings)
    const users = new Map(stored.users.map((one) => [one.recipient, one]))
    const all: (Delegate | Refusal)[] = []
    for (const one of people) {
      const entry = made(users.get(one.recipient), one, owner)
      const refusal = entry instanceof Refusal ? entry : refusalOf(one, known)
      if (refusal || entry instanceof Refusal) {
        all.push(refusal ?? (entry as Refusal))
        continue
      }
      users.set(one.recipient, entry)
      await setLevels(tx, ctx, mailbox, one.recipient, one.levels ?? {}, entry.private)
      all.push({ ...entry, levels: await levelsOf(tx, mailbox, one.recipient) })
    }
    if (users.size > mostDelegates) throw new Refusal('DataSizeLimitExceeded', `A mailbox has at most ${mostDelegates} delegates.`)
    await tx.mailboxes.saveSettings(mailbox, {
      ...row.settings,
      delegates: { users: [...users.values()], deliver: deliver ?? stored.deliver } satisfies StoredDelegates,
    })
    const changed = all.flatMap((one) => (one instanceof Refusal ? [] : [one.recipient]))
    if (changed.length > 0) await audit(tx, ctx, access, { operation: 'UpdateCalendarDelegation', changed })
    await changeSendersWithin(tx, owner, (senders) => [...senders, ...changed], ctx.clock())
    return all
  })
}

function refusalOf({ recipient, levels = {} }: DelegateChange, known: ReadonlySet<string>): Refusal | undefined {
  if (!known.has(recipient)) return new Refusal('DelegateNoUser', 'There is no such person in the directory.')
  if (!Object.values(levels).includes('Custom')) return undefined
  return new Refusal('InvalidDelegatePermission', 'A level of Custom says nothing: set the rights of the folder itself.')
}

async function removeDelegates(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  recipients: readonly string[],
): Promise<(string | Refusal)[]> {
  const access = await ownersAccess(ctx, caller, mailbox)
  const { owner } = access
  return ctx.store.write(async (tx) => {
    const row = await requireMailbox(tx, mailbox)
    const stored = storedDelegates(row.settings)
    const users = new Map(stored.users.map((one) => [one.recipient, one]))
    const all: (string | Refusal)[] = []
    for (const id of recipients) {
      if (!users.delete(id)) all.push(notDelegate())
      else {
        await withoutRights(tx, ctx, mailbox, id)
        all.push(id)
      }
    }
    await tx.mailboxes.saveSettings(mailbox, { ...row.settings, delegates: { ...stored, users: [...users.values()] } })
    const changed = all.filter((one) => typeof one === 'string')
    if (changed.length > 0) await audit(tx, ctx, access, { operation: 'UpdateCalendarDelegation', changed })
    await changeSendersWithin(tx, owner, (senders) => senders.filter((id) => !changed.includes(id)), ctx.clock())
    return all
  })
}

async function requireMailbox(tx: WriteTx, mailbox: string) {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  return row
}
