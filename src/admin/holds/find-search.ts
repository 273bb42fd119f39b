import type { MailboxHold, Mailboxes } from '#mailbox'
import { administratorCaller, Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'

type Verbs = Pick<Mailboxes, 'mailboxHolds' | 'changeMailboxHold'>

/** The search of a name, or the one by which mailboxes name its hold. None → ObjectNotFound. */
export async function searchNamed(mailboxes: Pick<Verbs, 'mailboxHolds'>, context: CmdletContext, name: string): Promise<MailboxHold> {
  const wanted = name.trim().toLowerCase()
  const all = await mailboxes.mailboxHolds(administratorCaller(context.caller))
  return all.find((hold) => hold.id.toLowerCase() === wanted || hold.identity?.toLowerCase() === wanted) ?? notFound(name)
}

/** Changes the search of a name, as `of` makes of what is there (none → ObjectNotFound), with a job in the same write; what comes of it. */
export async function changeSearch(
  mailboxes: Verbs,
  context: CmdletContext,
  name: string,
  of: (before: MailboxHold) => Promise<MailboxHold | undefined>,
  job?: Parameters<Verbs['changeMailboxHold']>[3],
): Promise<MailboxHold | undefined> {
  const { id } = await searchNamed(mailboxes, context, name)
  return mailboxes.changeMailboxHold(administratorCaller(context.caller), id, (before) => of(before ?? notFound(name)), job)
}

function notFound(name: string): never {
  const identity = name.slice(0, 256)
  throw new Refusal('ObjectNotFound', `There is no mailbox search '${identity}'.`, { kind: 'MailboxSearch', identity })
}

/** Refuses (OutOfScope) mailboxes that the caller's roles do not reach: nobody begins or ends a hold of theirs, or has copies made of them. */
export async function reached({ directory, organisation, mayChange }: CmdletContext, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const owner = await directory.recipientOfMailbox(organisation, id)
    if (owner) await mayChange(owner)
  }
}
