/** What the browser's calendar asks for that its journeys do not show: bounds, files, permissions. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { startTestSite, testPassword } from '../support/site.ts'
import { browser } from '../sign-in/browser.ts'

type Answered = { status: number; body: Record<string, never> & { error?: { code: string } } }

async function signedIn() {
  const site = await startTestSite()
  const as = async (alias: string) => {
    const own = browser(site)
    const page = await own.open('/owa/calendar')
    await page.submit({ user: `${alias}@contoso.com`, password: testPassword })
    const headers = { origin: site.url, 'content-type': 'application/json', 'x-isthmus': '1' }
    return {
      get: (path: string) => own.request(path),
      async ask(name: string, input: unknown): Promise<Answered> {
        const { status, body } = await own.request(`/owa/api/${name}`, { method: 'POST', body: JSON.stringify(input), headers })
        return { status, body: JSON.parse(body) as Answered['body'] }
      },
    }
  }
  return { site, as, [Symbol.asyncDispose]: () => site.close() }
}

test('a calendar is read from a file and written to one; a view is bounded; others see it when they are let in', async () => {
  await using web = await signedIn()
  const mary = await web.as('mary')
  const own = { mailbox: web.site.people.mary!.mailbox, kind: 'calendar' }
  const event = (uid: string, more: string) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nDTSTART:20300107T090000Z\r\nDTEND:20300107T100000Z\r\n${more}\r\nEND:VEVENT\r\n`
  const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${event('a', 'SUMMARY:<script>alert(1)</script>')}${event('b', 'SUMMARY:Weekly\r\nRRULE:FREQ=WEEKLY;COUNT=3')}${event('c', 'RRULE:FREQ=SECONDLY')}END:VCALENDAR\r\n`
  const read = await mary.ask('importCalendar', { folder: own, text })
  assert.deepEqual([read.status, read.body.taken, read.body.refused], [200, 2, 1])
  assert.equal(
    (await mary.ask('importCalendar', { folder: own, text: 'no calendar' })).body.error?.code,
    'ErrorInvalidMimeContent'.slice(5),
  )

  const window = { calendars: [{ folder: own }], start: '2030-01-01T00:00', end: '2030-02-01T00:00' }
  const seen = await mary.ask('findEvents', window)
  const [calendar] = seen.body.calendars as unknown as { events: { subject: string; start: string }[] }[]
  assert.deepEqual(
    calendar?.events.map(({ subject, start }) => [subject, start.slice(0, 10)]).sort(),
    [['<script>alert(1)</script>', '2030-01-07'], ['Weekly', '2030-01-07'], ['Weekly', '2030-01-14'], ['Weekly', '2030-01-21']], // prettier-ignore
  )
  assert.equal((await mary.ask('findEvents', { ...window, end: '2031-03-01T00:00' })).body.error?.code, 'InvalidTimeInterval')

  const { row } = await web.site.mailboxes.getFolder(await web.site.caller('mary'), own)
  const file = await mary.get(`/owa/calendar-file/${row.mailbox}/${row.id}`)
  assert.deepEqual(
    [file.status, file.headers['content-type'], file.body.match(/BEGIN:VEVENT/g)?.length],
    [200, 'text/calendar; charset=utf-8', 2],
  )

  const rob = await web.as('rob')
  const folder = { mailbox: row.mailbox, id: row.id }
  assert.equal((await rob.ask('calendarPermissions', { folder })).status, 404)
  assert.equal((await rob.ask('changeCalendarPermission', { folder, user: 'rob@contoso.com', level: 'Owner' })).status, 404)
  assert.equal((await mary.ask('changeCalendarPermission', { folder, user: 'rob@contoso.com', level: 'Reviewer' })).status, 200)
  const { body } = await mary.ask('calendarPermissions', { folder })
  assert.ok((body.entries as unknown as { address?: string; level: string }[]).some(({ address, level }) => address === 'rob@contoso.com' && level === 'Reviewer')) // prettier-ignore
  assert.equal((await rob.ask('showCalendar', { address: 'mary@contoso.com', isShown: true })).status, 200)
  const calendars = await rob.ask('findCalendars', {})
  assert.deepEqual((calendars.body.others as unknown as { folder?: unknown }[]).map(({ folder }) => folder), [folder]) // prettier-ignore
  assert.equal((await rob.ask('lookupTrace', { id: 'x' })).status, 403)
})
