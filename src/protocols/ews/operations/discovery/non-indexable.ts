import { Refusal, type Caller } from '#model'
import { GetNonIndexableItemDetails, GetNonIndexableItemStatistics } from '#schema'
import type { EwsContext } from '../../context.ts'
import { itemIdElement } from '../../convert/item.ts'
import { answerOne, verb } from '../../verb.ts'
import { mailboxNamed, searcher } from './role.ts'

const most = { mailboxes: 100, page: 1000 } as const
const usualPage = 100

interface Named {
  name: string
  mailbox: string
  /** Who looks into it. */
  caller: Caller
}

/** GUIDs of the mailboxes named. Of other mailboxes than one's own it needs the role Mailbox Search. Refuses NonExistentMailbox, AccessDenied. */
async function mailboxesOf(context: EwsContext, names: readonly string[], operation: string): Promise<Named[]> {
  if (names.length > most.mailboxes)
    throw new Refusal('SearchTooManyMailboxes', `At most ${most.mailboxes} mailboxes are asked for at once.`)
  const found: { name: string; mailbox: string }[] = []
  for (const name of names) {
    const owner = await mailboxNamed(context, name)
    if (!owner) throw new Refusal('NonExistentMailbox', `There is no mailbox '${name.slice(0, 320)}'.`)
    found.push({ name, mailbox: owner.mailbox })
  }
  const own = await context.ownMailbox()
  const others = found.some(({ mailbox }) => mailbox !== own)
  const caller = others ? await searcher(context, ['Mailbox Search'], { operation, mailboxes: names.slice(0, 100) }) : context.caller
  return found.map((one) => ({ ...one, caller }))
}

/** How many items have something that search cannot read ([MS-OXWSEDISC] 3.1.4.4). */
export const getNonIndexableItemStatistics = verb(GetNonIndexableItemStatistics, ({ Mailboxes, SearchArchiveOnly }, context) =>
  answerOne(context, async () => {
    const NonIndexableItemStatistics = []
    for (const { name, mailbox, caller } of await mailboxesOf(context, Mailboxes, 'GetNonIndexableItemStatistics')) {
      const box = SearchArchiveOnly ? await context.archiveOf(mailbox) : mailbox
      const ItemCount = box ? await context.mailboxes.countUnsearchable(caller, box) : 0
      NonIndexableItemStatistics.push({ Mailbox: name, ItemCount })
    }
    return { NonIndexableItemStatistics }
  }),
)

/** Which they are, and why ([MS-OXWSEDISC] 3.1.4.3): page by page, behind the SortValue of the last one given. */
export const getNonIndexableItemDetails = verb(GetNonIndexableItemDetails, (request, context) =>
  answerOne(context, async () => {
    const { Mailboxes, PageSize = usualPage, PageItemReference, PageDirection, SearchArchiveOnly } = request
    if (PageSize <= 0 || PageSize > most.page) throw new Refusal('InvalidPagingMaxRows', `PageSize: expected 1 to ${most.page}`)
    if (PageDirection === 'Previous') throw new Refusal('InvalidArgument', 'PageDirection: Previous is not served; ask for Next.')
    const [, place = '0', row = '0'] = /^(\d{1,4}):(\d{1,16})$/.exec(PageItemReference ?? '0:0') ?? []
    const Items = []
    for (const [at, { mailbox, caller }] of (await mailboxesOf(context, Mailboxes, 'GetNonIndexableItemDetails')).entries()) {
      const box = SearchArchiveOnly ? await context.archiveOf(mailbox) : mailbox
      if (!box || at < Number(place) || Items.length >= PageSize) continue
      const after = at === Number(place) ? Number(row) : 0
      for (const one of await context.mailboxes.unsearchable(caller, box, after, PageSize - Items.length)) {
        Items.push({
          ItemId: itemIdElement({ mailbox: box, id: one.item }),
          ErrorCode: 'DocumentParserFailure' as const,
          ErrorDescription: one.problem,
          IsPartiallyIndexed: true,
          IsPermanentFailure: true,
          SortValue: `${at}:${one.row}`,
          AttemptCount: 1,
          ...(one.since > 0 ? { LastAttemptTime: one.since } : {}),
        })
      }
    }
    return { NonIndexableItemDetailsResult: { Items } }
  }),
)
