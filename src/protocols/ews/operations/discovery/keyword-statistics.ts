import { parseQuery } from '#mailbox'
import { Refusal, type Restriction } from '#model'
import { FindMailboxStatisticsByKeywords, type Infer } from '#schema'
import { answerEach, failed, verb } from '../../verb.ts'
import { mailboxNamed, searcher } from './role.ts'

type Request = Infer<typeof FindMailboxStatisticsByKeywords.request>

/** What one request may ask: each keyword in each mailbox is a search of its own. */
const most = { mailboxes: 500, keywords: 100, searches: 2000, people: 100 } as const

/** How many items of each mailbox fit each keyword, and how large they are; one answer for each, keywords within mailboxes. Needs the role Mailbox Search. */
export const findMailboxStatisticsByKeywords = verb(FindMailboxStatisticsByKeywords, async (request, context) => {
  const { Mailboxes, Keywords } = request
  try {
    const asked = Mailboxes.flatMap((UserMailbox) => Keywords.map((Keyword) => ({ UserMailbox, Keyword })))
    checkSize(request, asked.length)
    const mailboxes = Mailboxes.map(({ Id }) => Id).slice(0, 100)
    const detail = { operation: 'FindMailboxStatisticsByKeywords', queries: Keywords.slice(0, 100), mailboxes }
    const caller = await searcher(context, ['Mailbox Search'], detail)
    const time = { zone: context.zone, now: context.clock() }
    const around = filters(request, time)
    return await answerEach(context, asked, async ({ UserMailbox, Keyword }) => {
      const owner = await mailboxNamed(context, UserMailbox.Id)
      if (!owner) throw new Refusal('NonExistentMailbox', `There is no mailbox '${UserMailbox.Id.slice(0, 320)}'.`)
      const query = parseQuery(Keyword, time)
      const all = query ? [query, ...around] : around
      const mailbox = UserMailbox.IsArchive ? owner.archive?.mailbox : owner.mailbox
      const { total, size } = !mailbox
        ? { total: 0, size: 0 }
        : await context.mailboxes.searchMailbox(caller, {
            mailbox,
            descending: true,
            limit: 0,
            wanted: { shape: 'ids' },
            withoutRecoverable: request.SearchDumpster !== true,
            ...(all.length > 0 ? { restriction: { and: all } } : {}),
          })
      return { MailboxStatisticsSearchResult: { UserMailbox, KeywordStatisticsSearchResult: { Keyword, ItemHits: total, Size: size } } }
    })
  } catch (error) {
    return [failed(context, error)]
  }
})

function checkSize({ Mailboxes, Keywords, Senders = [], Recipients = [] }: Request, searches: number): void {
  if (Mailboxes.length > most.mailboxes)
    throw new Refusal('SearchTooManyMailboxes', `One search is of at most ${most.mailboxes} mailboxes.`)
  if (Keywords.length > most.keywords || searches > most.searches || Senders.length + Recipients.length > most.people) {
    const { keywords, people } = most
    const why = `One search has at most ${keywords} keywords and ${people} people, and ${most.searches} keywords in all its mailboxes.`
    throw new Refusal('SearchQueryHasTooManyKeywords', why)
  }
}

/** What every item has to be, beside what fits the keyword. */
function filters(
  { Senders = [], Recipients = [], FromDate, ToDate, MessageTypes = [] }: Request,
  time: Parameters<typeof parseQuery>[1],
): Restriction[] {
  const received = { property: 'dateTimeReceived' }
  const date = (is: '>=' | '<=', at: number): Restriction => ({ compare: received, is, with: { value: new Date(at).toISOString() } })
  const anyOf = (or: Restriction[]): Restriction[] => (or.length > 0 ? [{ or }] : [])
  const kinds = MessageTypes.map((kind) => parseQuery(`kind:${kind}`, time) ?? { or: [] })
  return [
    ...(FromDate === undefined ? [] : [date('>=', FromDate)]),
    ...(ToDate === undefined ? [] : [date('<=', ToDate)]),
    ...anyOf(Senders.map((words): Restriction => ({ words, in: ['from'], whole: true }))),
    ...anyOf(Recipients.map((words): Restriction => ({ words, in: ['to', 'cc'], whole: true }))),
    ...anyOf(kinds),
  ]
}
