/** Calendars as files (RFC 5545): written for others, and read from them. */
import { z } from 'zod'
import { Refusal } from '#model'
import { exported } from '../exported.ts'
import { folderRef } from '../references.ts'
import { itemAt, type Resource } from '../resource.ts'
import { verb } from '../verb.ts'

const mostImported = 500
/** Characters of the time zones of a file that is read, together: every event is read with those that it names. */
const mostOfZones = 200_000

/** `GET /owa/calendar-file/{mailbox}/{folder}`: the appointments of a calendar as one file, series once each, by their time; too many → DataSizeLimitExceeded. */
export const calendarFile: Resource = async (context, rest) => {
  const { ref } = itemAt(rest)
  const { row } = await context.mailboxes.getFolder(context.caller, ref)
  const texts = (await exported(context, ref, { kind: 'calendar', by: 'start' })).map((text) => text.toString('utf8'))
  return {
    status: 200,
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${row.name}.ics`).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
    },
    body: together(texts),
  }
}

/** Blocks of a calendar text, in order: `BEGIN:VEVENT` to its end with everything between. */
function blocksOf(text: string, name: 'VEVENT' | 'VTIMEZONE'): string[] {
  const blocks: string[] = []
  let open: string[] | undefined
  for (const line of text.split(/\r?\n/)) {
    if (!open && line.toUpperCase() === `BEGIN:${name}`) open = []
    if (!open) continue
    open.push(line)
    if (line.toUpperCase() !== `END:${name}`) continue
    blocks.push(open.join('\r\n'))
    open = undefined
  }
  return blocks
}

const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Isthmus//Calendar//EN\r\n'
const calendarOf = (blocks: readonly string[]) => `${head}${blocks.map((block) => `${block}\r\n`).join('')}END:VCALENDAR\r\n`

/** Several calendar texts as one, each time zone once. */
function together(texts: readonly string[]): string {
  const zones = new Set(texts.flatMap((text) => blocksOf(text, 'VTIMEZONE')))
  return calendarOf([...zones, ...texts.flatMap((text) => blocksOf(text, 'VEVENT'))])
}

/** Puts the appointments of a calendar file into a calendar; nobody is invited. How many came in, and why others did not. */
export const importCalendar = verb(
  z.object({ folder: folderRef, text: z.string().max(10_000_000) }),
  async ({ caller, mailboxes }, { folder, text: written }) => {
    const text = unfolded(written)
    const series = Map.groupBy(blocksOf(text, 'VEVENT'), uidOf)
    if (series.size === 0) throw new Refusal('InvalidMimeContent', 'The file is no calendar, or there is nothing in it.')
    if (series.size > mostImported) throw new Refusal('DataSizeLimitExceeded', `At most ${mostImported} appointments are taken at once.`)
    const zones = zonesOf(text)
    let taken = 0
    const refused: string[] = []
    for (const events of series.values()) {
      const own = zonesNamed(events).flatMap((name) => zones.get(name) ?? [])
      try {
        await mailboxes.createItem(caller, folder, {
          kind: 'calendar',
          properties: {},
          mime: Buffer.from(calendarOf([...own, ...events])),
        })
        taken += 1
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        refused.push(error.message)
      }
    }
    return { taken, refused: refused.length, why: [...new Set(refused)].slice(0, 5) }
  },
)

/** With its lines as they are meant: not broken (RFC 5545 3.1), and ended in one way. */
const unfolded = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/\n[ \t]/g, '')

/** The value of a line of a block. */
const valueOf = (block: string, name: 'UID' | 'TZID'): string | undefined =>
  new RegExp(`^${name}(?:;[^:\\r\\n]*)?:(.*)$`, 'im').exec(block)?.[1]

/** Which events belong together; one without a UID is one by itself. */
const uidOf = (block: string): string => valueOf(block, 'UID') ?? block

/** The time zones that lines of events name (RFC 5545 3.2.19), each once. */
const zonesNamed = (events: readonly string[]): string[] => [
  ...new Set(
    events.flatMap((block) =>
      [...block.matchAll(/;TZID=(?:"([^"\r\n]*)"|([^";:\r\n]*))/gi)].map(([, quoted, plain]) => (quoted ?? plain ?? '').trim()),
    ),
  ),
]

/** The time zones of a file by name. More than `mostOfZones` → DataSizeLimitExceeded. */
function zonesOf(text: string): Map<string, string> {
  const blocks = blocksOf(text, 'VTIMEZONE')
  if (blocks.reduce((sum, { length }) => sum + length, 0) > mostOfZones) {
    throw new Refusal('DataSizeLimitExceeded', `The time zones of a calendar file have at most ${mostOfZones} characters together.`)
  }
  return new Map(blocks.flatMap((block) => ((name) => (name ? [[name, block] as const] : []))(valueOf(block, 'TZID')?.trim())))
}
