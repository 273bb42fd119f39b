/** Calendars that strangers wrote, as files and as invitations: nothing of them runs, all of it is shown as text. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { accessible, startWeb } from './client.ts'
import { bodies, watched, words } from './hostile-texts.ts'
import { delivery } from './mail-mailbox.ts'

const escaped = (text: string) => text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll('\n', '\\n')
/** RFC 6868 */
const quoted = (text: string) => `"${text.replaceAll('^', '^^').replaceAll('"', "^'").replaceAll('\n', '^n')}"`
const stamp = (time: number) => `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/** What strangers write, four together. */
const payloads = [...bodies, ...words]
const groups = Array.from({ length: Math.ceil(payloads.length / 4) }, (_, at) => payloads.slice(at * 4, at * 4 + 4))

/** An event that says it wherever something can be said; as HTML too where `html`. */
function event(uid: string, group: readonly string[], start: number, html: boolean): string {
  const all = group.join(' ')
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${stamp(start)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + 1_800_000)}`,
    `SUMMARY:${uid}: ${escaped(all)}`,
    `LOCATION:${escaped(all)}`,
    `DESCRIPTION:${escaped(all)}`,
    ...(html ? [`X-ALT-DESC;FMTTYPE=text/html:${escaped(`<p>begin</p>${all}<p>end</p>`)}`] : []),
    `ORGANIZER;CN=${quoted(group[0]!)}:mailto:rob@contoso.com`,
    'ATTENDEE;CN=Mary:mailto:mary@contoso.com',
    ...group.map((one, at) => `ATTENDEE;CN=${quoted(one)}:mailto:guest${at}@example.com`),
    ...group.map((one) => `ATTACH:${escaped(one)}`),
    'ATTACH;FMTTYPE=text/html;ENCODING=BASE64;VALUE=BINARY:PHNjcmlwdD50b3AucHduZWQ9MTwvc2NyaXB0Pg==',
    'URL:javascript:window.pwned=1',
    `CATEGORIES:${group.map(escaped).join(',')}`,
    'END:VEVENT',
  ].join('\r\n')
}
const calendar = (text: string, method = '') =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${method && `METHOD:${method}\r\n`}${text}\r\nEND:VCALENDAR\r\n`

/** Letters alone: how blanks and what cannot be seen are shown is another matter. */
const letters = (text: string) => text.replace(/[\s\0-\x1f\x7f\ufffd]+/g, '')

/** Opens every appointment of the agenda; each says what was written of it, and nothing but that. */
async function openAll(page: Page, names: readonly string[]): Promise<void> {
  for (const [at, group] of groups.entries()) {
    for (const name of names) {
      const row = page.locator('.calendar-event', { hasText: `${name}-${at}:` })
      assert.ok(letters((await row.textContent())!).includes(letters(group.join(' '))), `${name}-${at} as text`)
      await row.focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('list', { name: 'Attendees' }).waitFor()
      const said = letters((await dialog.textContent())!)
      for (const one of group) assert.ok(said.includes(letters(one)), `${name}-${at} says ${one}`)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
    }
  }
}

test('calendar: nothing runs that a stranger wrote into a calendar file or an invitation', { timeout: 190_000 }, async () => {
  await using web = await startWeb()
  const today = new Date().setUTCHours(0, 0, 0, 0)
  const deliver = delivery(web.site)
  const ids: number[] = []
  for (const [at, group] of groups.entries()) {
    const uid = `mail-${at}`
    const text = calendar(event(uid, group, today + at * 1_800_000, at % 2 === 1), 'REQUEST')
    ids.push(await deliver(uid, text, { headers: 'Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n' }))
  }
  for (const method of ['CANCEL', 'REPLY', 'COUNTER', 'ADD', 'PUBLISH', '<script>window.pwned=1</script>']) {
    const text = calendar(event(`other-${method}`, words, today, true), method)
    ids.push(await deliver(method, text, { headers: `Content-Type: text/calendar; charset=utf-8\r\n` }))
  }
  const window = await web.signIn('mary', '/owa/calendar')
  const { page, complaints } = window
  const elsewhere = await watched(window)
  const file = calendar(groups.map((group, at) => event(`file-${at}`, group, today + at * 1_800_000, false)).join('\r\n'))
  await page.getByLabel('Read from a file').setInputFiles({ name: 'x.ics', mimeType: 'text/calendar', buffer: Buffer.from(file) })
  await page.getByText(`${groups.length} taken, 0 not`).waitFor()
  await page.getByLabel('View').selectOption('Agenda')
  await openAll(page, ['file', 'mail'])
  await page.getByRole('toolbar', { name: 'Calendar' }).waitFor()
  await accessible(page)
  await page.getByLabel('View').selectOption('Week')
  await page.locator('.calendar-event').first().waitFor()
  await accessible(page)

  await page.getByRole('link', { name: 'Mail' }).click()
  const list = page.getByRole('listbox')
  await list.getByRole('option').first().waitFor()
  await list.focus()
  await page.keyboard.press('Home')
  for (const id of ids.toReversed()) {
    await page.waitForURL(new RegExp(`/${id}$`))
    await page.locator(`#subject-${id}`).waitFor()
    await page.locator(`iframe[src*="/${id}"]`).waitFor()
    await page.frameLocator('iframe').locator('body').waitFor()
    if (id !== ids[0]) await page.keyboard.press('ArrowDown')
  }
  assert.equal(new URL(page.url()).hostname, 'localhost')
  assert.deepEqual(elsewhere, [])
  assert.deepEqual(complaints, [])
})
