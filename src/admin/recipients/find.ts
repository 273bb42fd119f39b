import { mailboxKinds, type Recipient, type RecipientKind } from '#directory'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const pageSize = 200
export const usualResultSize = 1000

/** What a cmdlet's noun stands for among the recipients. */
export interface RecipientNoun {
  noun: 'Mailbox' | 'RemoteMailbox' | 'MailUser' | 'MailContact'
  kinds: RecipientKind[]
  /** Which of these recipients are meant. */
  has: (recipient: Recipient) => boolean
}

export const mailboxNoun: RecipientNoun = { noun: 'Mailbox', kinds: [...mailboxKinds], has: () => true }
export const remoteMailboxNoun: RecipientNoun = {
  noun: 'RemoteMailbox',
  kinds: ['MailUser'],
  has: (one) => one.remoteMailbox !== undefined,
}
export const mailUserNoun: RecipientNoun = { noun: 'MailUser', kinds: ['MailUser'], has: (one) => one.remoteMailbox === undefined }
export const mailContactNoun: RecipientNoun = { noun: 'MailContact', kinds: ['MailContact'], has: () => true }

/** A recipient of the caller's organisation by address, alias, UPN, DN, SID, GUID, mailbox GUID or display name. Two with that name → none. */
export async function findRecipient({ directory, organisation }: CmdletContext, identity: string): Promise<Recipient | undefined> {
  const found = await directory.find(identity, organisation)
  if (found) return found
  if (guidForm.test(identity)) {
    const guid = identity.toLowerCase()
    return (await directory.recipient(organisation, guid)) ?? (await directory.recipientOfMailbox(organisation, guid))
  }
  const named = (await directory.resolve(organisation, identity, 20)).filter(
    ({ displayName }) => displayName.toLowerCase() === identity.trim().toLowerCase(),
  )
  return named.length === 1 ? named[0] : undefined
}

/** The recipient a cmdlet is about. None, or one of another sort → ObjectNotFound. */
export async function recipientFor(context: CmdletContext, { noun, kinds, has }: RecipientNoun, identity: string): Promise<Recipient> {
  const recipient = await findRecipient(context, identity)
  if (recipient && kinds.includes(recipient.kind) && has(recipient)) return recipient
  const other = recipient ? `: '${recipient.displayName}' is a ${recipient.remoteMailbox ? 'RemoteMailbox' : recipient.kind}` : ''
  throw new Refusal('ObjectNotFound', `There is no ${noun} '${identity.slice(0, 100)}'${other}.`, {
    kind: noun,
    identity: identity.slice(0, 100),
  })
}

/** Every recipient of a noun, page by page, at most `limit`; one more → a warning, as Exchange gives it. */
export async function* recipientsOf(context: CmdletContext, { kinds, has }: RecipientNoun, limit: number): AsyncGenerator<Recipient> {
  const { directory, organisation } = context
  let given = 0
  for (let after = ''; ;) {
    const page = await directory.list(organisation, kinds, after, pageSize)
    for (const recipient of page) {
      if (!has(recipient)) continue
      if (given++ === limit) {
        context.warn(`There are more than ${limit} results; -ResultSize Unlimited gives them all.`)
        return
      }
      yield recipient
    }
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}
