import { isSameHold, type MailboxHold } from '#mailbox'
import { Refusal, type Caller } from '#model'
import { GetDiscoverySearchConfiguration, GetHoldOnMailboxes, SetHoldOnMailboxes, type Infer, type MailboxHoldResult } from '#schema'
import type { EwsContext } from '../../context.ts'
import { answerOne, verb } from '../../verb.ts'
import { searchable } from './get-searchable-mailboxes.ts'
import { mailboxNamed, searcher } from './role.ts'

type Result = Infer<typeof MailboxHoldResult>
type Status = Result['MailboxHoldStatuses'][number]
const roles = ['Legal Hold', 'Mailbox Search']

async function answerOf(context: EwsContext, { id, query, mailboxes }: MailboxHold, Status: Status['Status']): Promise<Result> {
  const statuses: Status[] = []
  for (const mailbox of mailboxes) {
    const owner = await context.directory.recipientOfMailbox(context.caller.organisation, mailbox)
    // [MS-OXWSEDISC] 2.2.4: a mailbox is named by its legacyExchangeDN.
    if (owner) statuses.push({ Mailbox: owner.legacyExchangeDn, Status, AdditionalInfo: '' })
  }
  return { HoldId: id, Query: query, MailboxHoldStatuses: statuses }
}

async function known(context: EwsContext, caller: Caller, id: string): Promise<MailboxHold> {
  const hold = (await context.mailboxes.mailboxHolds(caller)).find((one) => one.id.toLowerCase() === id.trim().toLowerCase())
  return hold ?? notFound(id)
}

function notFound(id: string): never {
  throw new Refusal('MailboxHoldNotFound', `There is no hold '${id.slice(0, 256)}'.`)
}

/** The state of a hold ([MS-OXWSEDISC] 3.1.4.2). */
export const getHoldOnMailboxes = verb(GetHoldOnMailboxes, ({ HoldId }, context) =>
  answerOne(context, async () => {
    const caller = await searcher(context, roles, { operation: 'GetHoldOnMailboxes', hold: HoldId.slice(0, 256) })
    const hold = await known(context, caller, HoldId)
    return { MailboxHoldResult: await answerOf(context, hold, hold.off ? 'NotOnHold' : 'OnHold') }
  }),
)

/**
 * Keeps, changes or ends a hold ([MS-OXWSEDISC] 3.1.4.7): the same that Get-MailboxSearch shows. Where there is one already that is about the
 * same, Create adds mailboxes to it, or begins it; about something else → InvalidArgument. Update without mailboxes leaves them as they are;
 * Remove with mailboxes releases these alone.
 */
export const setHoldOnMailboxes = verb(SetHoldOnMailboxes, (request, context) =>
  answerOne(context, async () => {
    const { ActionType, HoldId } = request
    const caller = await searcher(context, roles, { operation: 'SetHoldOnMailboxes', action: ActionType, hold: HoldId.slice(0, 256) })
    const named: string[] = []
    for (const name of request.Mailboxes ?? []) {
      const owner = await mailboxNamed(context, name)
      if (!owner) throw new Refusal('NonExistentMailbox', `There is no mailbox '${name.slice(0, 320)}'.`)
      named.push(owner.mailbox)
    }
    if (ActionType === 'Remove') return { MailboxHoldResult: await release(context, caller, HoldId, named) }
    const hold = await context.mailboxes.changeMailboxHold(caller, HoldId, (before) => {
      const now = context.clock()
      const fresh = { id: HoldId.trim(), created: now, createdBy: context.caller.address, query: '', mailboxes: [] }
      const wanted = { ...asAsked(request), changed: now }
      if (ActionType === 'Create') {
        if (before) requireSame(before, { ...before, ...wanted, asked: now })
        return { ...withoutOff(before ?? fresh), ...wanted, mailboxes: [...new Set([...(before?.mailboxes ?? []), ...named])] }
      }
      return { ...withoutOff(before ?? notFound(HoldId)), ...wanted, ...(named.length > 0 ? { mailboxes: named } : {}) }
    })
    return { MailboxHoldResult: await answerOf(context, hold ?? notFound(HoldId), 'OnHold') }
  }),
)

/** What a request says of a hold, beside the mailboxes. */
function asAsked(request: Infer<typeof SetHoldOnMailboxes.request>) {
  return {
    query: request.Query,
    ...(request.Language === undefined ? {} : { language: request.Language.slice(0, 64) }),
    ...(request.ItemHoldPeriod === undefined ? {} : { period: request.ItemHoldPeriod.slice(0, 64) }),
    ...(request.InPlaceHoldIdentity === undefined ? {} : { identity: request.InPlaceHoldIdentity.slice(0, 256) }),
  }
}

const withoutOff = ({ off: _, ...hold }: MailboxHold): MailboxHold => hold

/** Refuses (InvalidArgument) to put one hold in place of another that holds something else, or for another time. */
function requireSame(before: MailboxHold, asked: MailboxHold): void {
  if (before.identity === asked.identity && isSameHold(before, asked)) return
  throw new Refusal(
    'InvalidArgument',
    `There is a hold '${before.id}' about something else: Update changes it, another HoldId makes a second.`,
  )
}

/** Ends a hold for the mailboxes named, or for all: then it is no more. */
async function release(context: EwsContext, caller: Caller, id: string, named: readonly string[]): Promise<Result> {
  let released: MailboxHold | undefined
  await context.mailboxes.changeMailboxHold(caller, id, (before) => {
    const hold = before ?? notFound(id)
    const left = named.length === 0 ? [] : hold.mailboxes.filter((mailbox) => !named.includes(mailbox))
    released = { ...hold, mailboxes: hold.mailboxes.filter((mailbox) => !left.includes(mailbox)) }
    return left.length === 0 ? undefined : { ...hold, mailboxes: left, changed: context.clock() }
  })
  return answerOf(context, released ?? notFound(id), 'NotOnHold')
}

/** The searches that are kept ([MS-OXWSEDISC] 3.1.4.1): those of holds, all or the one named. */
export const getDiscoverySearchConfiguration = verb(GetDiscoverySearchConfiguration, ({ SearchId }, context) =>
  answerOne(context, async () => {
    const caller = await searcher(context, ['Mailbox Search'], { operation: 'GetDiscoverySearchConfiguration' })
    const holds = SearchId === undefined ? await context.mailboxes.mailboxHolds(caller) : [await known(context, caller, SearchId)]
    const DiscoverySearchConfigurations = []
    for (const hold of holds) {
      const SearchableMailboxes = []
      for (const mailbox of hold.mailboxes) {
        const owner = await context.directory.recipientOfMailbox(caller.organisation, mailbox)
        if (owner) SearchableMailboxes.push(searchable(owner))
      }
      DiscoverySearchConfigurations.push({
        SearchId: hold.id,
        SearchQuery: hold.query,
        SearchableMailboxes,
        ...(hold.identity === undefined ? {} : { InPlaceHoldIdentity: hold.identity }),
        ...(hold.language === undefined ? {} : { Language: hold.language }),
      })
    }
    return { DiscoverySearchConfigurations }
  }),
)
