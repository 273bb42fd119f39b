/** Settings that a cmdlet keeps, shown and set by its parameters. */
import { z } from 'zod'
import { ByteSize, Refusal, TimeSpan } from '#model'
import { verb } from '../verb.ts'
import { ownParameters, pages, requirePage, runOwn, type OptionPage } from './pages.ts'

/** The noun and the parameters of each page that is a cmdlet's. */
const shown = {
  junk: {
    noun: 'MailboxJunkEmailConfiguration',
    names: ['Enabled', 'TrustedSendersAndDomains', 'BlockedSendersAndDomains', 'TrustedListsOnly', 'ContactsTrusted'],
  },
  forwarding: { noun: 'Mailbox', names: pages.forwarding.parameters },
  calendar: {
    noun: 'MailboxCalendarConfiguration',
    names: ['WorkDays', 'WorkingHoursStartTime', 'WorkingHoursEndTime', 'WorkingHoursTimeZone'],
  },
  profile: { noun: 'User', names: pages.profile.parameters },
} as const satisfies Partial<Record<OptionPage, { noun: string; names: readonly string[] }>>
const settingPages = Object.keys(shown) as [keyof typeof shown, ...(keyof typeof shown)[]]
const page = z.enum(settingPages)

const text = z.string().max(2000)
const entry = z.string().trim().min(1).max(320)
const value = z.union([z.boolean(), text, z.array(entry).max(1100), z.null()])
/** A setting as a form has it. */
export type Setting = z.output<typeof value>

/** The settings of a page, and which of them the caller may change. */
export const ownSettings = verb(z.object({ page }), async (context, { page: asked }) => {
  await requirePage(context, asked)
  const { noun, names } = shown[asked]
  const [found = {}] = await runOwn(context, `Get-${noun}`)
  const settings: Record<string, Setting> = Object.fromEntries(names.map((name) => [name, plain(found[name])]))
  return { settings, mayChange: await ownParameters(context, asked, names) }
})

/** Sets what is named of a page. What is none of its settings, or not the caller's to change → InvalidParameter. */
export const saveOwnSettings = verb(
  z.object({
    page,
    settings: z.record(z.string().max(100), value).refine((given) => Object.keys(given).length <= 50, 'at most 50 settings'),
  }),
  async (context, { page: asked, settings }) => {
    await requirePage(context, asked)
    const { noun, names } = shown[asked]
    const stray = Object.keys(settings).find((name) => !(names as readonly string[]).includes(name))
    if (stray !== undefined) throw new Refusal('InvalidParameter', `'${stray}' is not a setting of this page.`, { parameter: stray })
    await runOwn(context, `Set-${noun}`, settings)
    return {}
  },
)

/** A value of a cmdlet as a form has it. */
function plain(value: unknown): Setting {
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null
  return value instanceof TimeSpan ? String(value).slice(0, 5) : String(value)
}

/** How much lies in the caller's mailbox, and how much may, in bytes; absent = there is no limit. */
export const storage = verb(z.object({}), async (context) => {
  await requirePage(context, 'storage')
  const [used = {}] = await runOwn(context, 'Get-MailboxStatistics')
  const [box = {}] = await runOwn(context, 'Get-Mailbox')
  const own = box.UseDatabaseQuotaDefaults !== true
  const limit = (name: string) => bytes(own ? box[name] : used[`Database${name}`])
  return {
    items: Number(used.ItemCount ?? 0),
    size: bytes(used.TotalItemSize) ?? 0,
    deletedItems: Number(used.DeletedItemCount ?? 0),
    deletedSize: bytes(used.TotalDeletedItemSize) ?? 0,
    warning: limit('IssueWarningQuota'),
    prohibitSend: limit('ProhibitSendQuota'),
    prohibitSendReceive: limit('ProhibitSendReceiveQuota'),
  }
})

const bytes = (size: unknown) => (size instanceof ByteSize && !size.isUnlimited ? size.bytes : undefined)
