import type { MailboxHold } from '#mailbox'
import { Refusal } from '#model'
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

async function known(
  context: EwsContext,
  caller: Parameters<EwsContext['mailboxes']['mailboxHolds']>[0],
  id: string,
): Promise<MailboxHold> {
  const hold = (await context.mailboxes.mailboxHolds(caller)).find((one) => one.id.toLowerCase() === id.trim().toLowerCase())
  if (!hold) throw new Refusal('MailboxHoldNotFound', `There is no hold '${id.slice(0, 256)}'.`)
  return hold
}

/** The state of a hold ([MS-OXWSEDISC] 3.1.4.2). */
export const getHoldOnMailboxes = verb(GetHoldOnMailboxes, ({ HoldId }, context) =>
  answerOne(context, async () => {
    const caller = await searcher(context, roles, { operation: 'GetHoldOnMailboxes', hold: HoldId.slice(0, 256) })
    const hold = await known(context, caller, HoldId)
    return { MailboxHoldResult: await answerOf(context, hold, hold.off ? 'NotOnHold' : 'OnHold') }
  }),
)

/** Keeps, changes or ends a hold ([MS-OXWSEDISC] 3.1.4.7): the same that Get-MailboxSearch shows. */
export const setHoldOnMailboxes = verb(SetHoldOnMailboxes, (request, context) =>
  answerOne(context, async () => {
    const { ActionType, HoldId, Query, Mailboxes = [] } = request
    const caller = await searcher(context, roles, { operation: 'SetHoldOnMailboxes', action: ActionType, hold: HoldId.slice(0, 256) })
    if (ActionType === 'Remove') {
      const hold = await known(context, caller, HoldId)
      await context.mailboxes.removeMailboxHold(caller, HoldId)
      return { MailboxHoldResult: await answerOf(context, hold, 'NotOnHold') }
    }
    const before = ActionType === 'Update' ? await known(context, caller, HoldId) : undefined
    const mailboxes: string[] = []
    for (const name of Mailboxes) {
      const owner = await mailboxNamed(context, name)
      if (!owner) throw new Refusal('NonExistentMailbox', `There is no mailbox '${name.slice(0, 320)}'.`)
      mailboxes.push(owner.mailbox)
    }
    const { off: _, ...kept } = before ?? { created: context.clock(), createdBy: context.caller.address }
    const hold: MailboxHold = {
      ...kept,
      id: HoldId.trim(),
      query: Query,
      mailboxes: mailboxes.length > 0 ? mailboxes : (before?.mailboxes ?? []),
      changed: context.clock(),
      ...(request.Language === undefined ? {} : { language: request.Language.slice(0, 64) }),
      ...(request.ItemHoldPeriod === undefined ? {} : { period: request.ItemHoldPeriod.slice(0, 64) }),
      ...(request.InPlaceHoldIdentity === undefined ? {} : { identity: request.InPlaceHoldIdentity.slice(0, 256) }),
    }
    await context.mailboxes.saveMailboxHold(caller, hold)
    return { MailboxHoldResult: await answerOf(context, hold, 'OnHold') }
  }),
)

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
