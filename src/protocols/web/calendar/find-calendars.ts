import { z } from 'zod'
import { daysOfWeek, Refusal, usualHours, type WorkingHours } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { ownZone, wallClockOf } from './zone.ts'

const mostFolders = 200
/** Setting of the mailbox that says whose calendars are shown beside the own ones. */
const shownSetting = 'webCalendars'

/** The calendars that can be shown: those of the own mailbox, and those of others that were added. */
export const findCalendars = verb(z.object({}), async (context) => {
  const { caller, mailboxes, clock } = context
  const mailbox = await context.mailbox()
  const zone = await ownZone(context)
  const { items } = await mailboxes.findFolders(caller, {
    parents: [{ mailbox, kind: 'msgfolderroot' }],
    traversal: 'Deep',
    page: { offset: 0, limit: 2000, from: 'Beginning' },
  })
  const own = items.filter(({ row }) => row.folderClass?.startsWith('IPF.Appointment')).slice(0, mostFolders)
  const settings = await mailboxes.settings(caller, mailbox)
  const added = Array.isArray(settings[shownSetting]) ? (settings[shownSetting] as string[]) : []
  return {
    week: weekOf(settings),
    zone: { id: zone.id, iana: zone.iana ?? undefined, now: wallClockOf(clock(), zone) },
    own: own
      .map(({ row, rights }) => ({
        folder: { mailbox: row.mailbox, id: row.id },
        name: row.name,
        isDefault: row.kind === 'calendar',
        mayCreate: rights.createContents,
      }))
      .toSorted((one, other) => Number(other.isDefault) - Number(one.isDefault)),
    others: await Promise.all(added.map((address) => calendarOf(context, address))),
  }
})

/** Days as numbers, 0 = Sunday: those that somebody works, and the first of the week where they chose one. */
function weekOf(settings: Readonly<Record<string, unknown>>): { works: number[]; first?: number } {
  const { periods } = (settings.workingHours as WorkingHours | undefined) ?? usualHours('UTC')
  const works = daysOfWeek.flatMap((day, at) => (periods.some(({ days }) => days.includes(day)) ? [at] : []))
  const chosen = (settings.calendarConfiguration as { WeekStartDay?: unknown } | undefined)?.WeekStartDay
  const first = daysOfWeek.findIndex((day) => day === chosen)
  return { works, ...(first < 0 ? {} : { first }) }
}

/** Somebody else's calendar that is shown beside the own ones. */
export interface OtherCalendar {
  address: string
  name: string
  /** Absent = free/busy times alone. */
  folder?: { mailbox: string; id: number }
  mayCreate?: boolean
}

/** Somebody's calendar: the folder where it is here and may be read, else their free/busy times alone. */
async function calendarOf({ caller, directory, mailboxes }: WebContext, address: string): Promise<OtherCalendar> {
  const person = await directory.find(address, caller.organisation)
  const seen = { address, name: person?.displayName ?? address }
  if (!person?.mailbox) return seen
  try {
    const { row, rights, reading } = await mailboxes.getFolder(caller, { mailbox: person.mailbox, kind: 'calendar' })
    if (reading !== 'FullDetails') return seen
    return { ...seen, folder: { mailbox: row.mailbox, id: row.id }, mayCreate: rights.createContents }
  } catch (error) {
    if (error instanceof Refusal) return seen
    throw error
  }
}

/** Shows somebody's calendar beside the own ones from now on, or no longer. Nobody of this address → ObjectNotFound. */
export const showCalendar = verb(
  z.object({ address: z.string().min(3).max(320), isShown: z.boolean() }),
  async (context, { address, isShown }) => {
    const { caller, directory, mailboxes } = context
    const known = await directory.find(address, caller.organisation)
    if (isShown && !known && !address.includes('@')) throw new Refusal('ObjectNotFound', `There is nobody with the address ${address}.`)
    const wanted = known?.address ?? address.toLowerCase()
    await mailboxes.changeSetting(caller, await context.mailbox(), shownSetting, (current) => {
      const others = (Array.isArray(current) ? (current as string[]) : []).filter((one) => one !== wanted)
      return isShown ? [...others, wanted].slice(-20) : others
    })
  },
)
