/** What people set for themselves, and what lets them: the cmdlets that their role assignment policy gives them over their own mailbox. */
import { Refusal } from '#model'
import type { WebContext } from '../verb.ts'

interface PageRow {
  /** Whoever may not run it does not see the page. */
  cmdlet: string
  /** Parameters of which one at least has to be the caller's. */
  parameters?: readonly string[]
}

/** One row a page, in the order in which they are shown. */
export const pages = {
  away: { cmdlet: 'Set-MailboxAutoReplyConfiguration' },
  rules: { cmdlet: 'New-InboxRule' },
  junk: { cmdlet: 'Set-MailboxJunkEmailConfiguration' },
  messages: { cmdlet: 'Set-MailboxMessageConfiguration' },
  forwarding: { cmdlet: 'Set-Mailbox', parameters: ['ForwardingSmtpAddress', 'DeliverToMailboxAndForward', 'MailTip'] },
  calendar: { cmdlet: 'Set-MailboxCalendarConfiguration' },
  region: { cmdlet: 'Set-MailboxRegionalConfiguration' },
  profile: {
    cmdlet: 'Set-User',
    parameters: [
      'FirstName', 'LastName', 'DisplayName', 'Phone', 'MobilePhone', 'HomePhone', 'Fax', 'Pager', 'Office', 'StreetAddress', 'City', 'StateOrProvince',
      'PostalCode', 'CountryOrRegion', 'WebPage', 'Notes',
    ],
  },
  storage: { cmdlet: 'Get-MailboxStatistics' },
} as const satisfies Record<string, PageRow> // prettier-ignore
export type OptionPage = keyof typeof pages
const pageNames = Object.keys(pages) as [OptionPage, ...OptionPage[]]

const rowOf = (page: OptionPage): PageRow => pages[page]

/** The pages that the caller's roles open. */
export async function pagesFor({ admin, caller }: Pick<WebContext, 'admin' | 'caller'>): Promise<OptionPage[]> {
  const held = new Map((await admin.cmdletsFor(caller)).map(({ name, parameters }) => [name, Object.keys(parameters)]))
  return pageNames.filter((page) => {
    const { cmdlet, parameters } = rowOf(page)
    const mine = held.get(cmdlet)
    return mine !== undefined && (!parameters || parameters.some((one) => mine.includes(one)))
  })
}

/** Of these parameters of a page's cmdlet, those that the caller may use. */
export async function ownParameters({ admin, caller }: WebContext, page: OptionPage, wanted: readonly string[]): Promise<string[]> {
  const found = (await admin.cmdletsFor(caller)).find(({ name }) => name === rowOf(page).cmdlet)
  return wanted.filter((name) => found && Object.hasOwn(found.parameters, name))
}

/** Parameters of a page's cmdlet, of which one at least is not the caller's → AccessDenied. */
export async function requireParameters(context: WebContext, page: OptionPage, wanted: readonly string[]): Promise<void> {
  const own = await ownParameters(context, page, wanted)
  const missing = wanted.find((name) => !own.includes(name))
  if (missing === undefined) return
  throw new Refusal('AccessDenied', `Your role assignment policy does not let you set this (${rowOf(page).cmdlet} -${missing}).`)
}

/** A page that the caller's roles do not open → AccessDenied. */
export async function requirePage(context: WebContext, page: OptionPage): Promise<void> {
  if ((await pagesFor(context)).includes(page)) return
  throw new Refusal('AccessDenied', `Your role assignment policy does not let you change this (${rowOf(page).cmdlet}).`)
}

/** Runs a cmdlet on the caller's own mailbox, by the only way in, and gives what it answers. */
export const runOwn = ({ admin, caller, request }: WebContext, cmdlet: string, parameters: Record<string, unknown> = {}) =>
  Array.fromAsync(admin.invoke(caller, cmdlet, { ...parameters, Identity: caller.address }, { signal: request.signal })) as Promise<
    Record<string, unknown>[]
  >
