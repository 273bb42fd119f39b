/** Exported items for the fuzz run: as they come, and how what is read of them is used. */
import { createHash } from 'node:crypto'
import { occurrencesOf } from '#model'
import { seriesOf } from '../../src/mailbox/calendar/series.ts'
import { columnsOf } from '../../src/mailbox/items/prepare.ts'
import { searchText } from '../../src/mailbox/items/search-text.ts'
import { writeRecords } from '../../src/mailbox/transfer/records.ts'
import { readItem } from '../../src/mailbox/transfer/stream.ts'

const record = (tag: string, bytes: string | Uint8Array) => ({ tag, bytes: Buffer.from(bytes) })
const item = (kind: string, properties: object, more: object = {}) => record('ITEM', JSON.stringify({ kind, properties, extended: {}, ...more })) // prettier-ignore
const file = JSON.stringify({ kind: 'file', name: 'a', contentType: 'text/plain', contentId: '', contentLocation: '', inline: false, photo: false, modified: 1 }) // prettier-ignore
const inner = writeRecords([item('message', { subject: 'inner' }, { bodyType: 'Text' }), record('BODY', 'x')])
const person = { name: 'Rob', address: 'rob@contoso.com', routingType: 'SMTP', mailboxType: 'Mailbox' }
const extended = { 'tag:6a01': { type: 'Binary', value: 'AAE=' }, 'c11ff724-aa03-4555-9952-8fa248a11c3e:name:x': { type: 'StringArray', value: ['a'] } } // prettier-ignore
const zone = { id: 'W. Europe Standard Time', definition: { name: 'TimeZoneDefinition', attributes: { Id: 'x' }, children: [{ name: 'Periods', children: ['x'] }] } } // prettier-ignore

export const transferStreams: Buffer[] = [
  [
    item('message', { subject: 's', isRead: false, toRecipients: [person], from: person, flag: { status: 'Flagged', due: 1, start: 1 }, importance: 'High', $headers: [{ name: 'X', value: 'y' }] }, { extended, bodyType: 'HTML' }),
    record('BODY', '<p>x</p>'), record('MIME', 'Subject: s\r\n\r\nx'), record('ATTM', file), record('DATA', 'abc'), record('ATTM', file.replace('file', 'item')), record('DATA', inner), record('note', 'newer'),
  ],
  [item('calendar', { start: 1898931600000, end: 1898935200000, startTimeZone: zone, requiredAttendees: [{ mailbox: person, response: 'Accept' }],
    recurrence: { pattern: { type: 'Weekly', interval: 1, days: ['Monday'] }, range: { type: 'Numbered', start: '2030-03-04', count: 6 } },
    exceptions: [{ originalStart: 1900141200000, properties: { subject: 'x', start: 1900141200000, end: 1900142200000, body: { type: 'Text', value: 'b' } } }], deletedStarts: [1900746000000] })],
  [item('calendar', { start: 0, end: 1, recurrence: { pattern: { type: 'RelativeYearly', month: 2, day: 'Weekday', index: 'Last' }, range: { type: 'EndDate', start: '1970-01-01', end: '2100-02-01' } } })],
  [item('contact', { emailAddresses: { EmailAddress1: { address: 'a@b.c' } }, phoneNumbers: { HomePhone: '1' }, physicalAddresses: { Home: { city: 'B' } }, birthday: 1 })],
  [item('list', { members: [{ key: 'k', mailbox: person, status: 'Normal' }] })],
  [item('task', { status: 'InProgress', percentComplete: 25.5, taskRecurrence: { pattern: { type: 'DailyRegeneration', interval: 2 }, range: { type: 'NoEnd', start: '2030-01-01' } } })],
].map((records) => Buffer.from(writeRecords(records))) // prettier-ignore

/** Reads a stream whose digest fits, so that what is inside is looked at, and computes from it what an upload does. */
export function readTransferred(stream: Buffer): void {
  const bytes = Buffer.from(stream)
  if (bytes.length > 40)
    createHash('sha256')
      .update(bytes.subarray(0, -40))
      .digest()
      .copy(bytes, bytes.length - 32)
  const { item } = readItem(bytes)
  columnsOf(item, item.properties, 0)
  searchText(item.properties, undefined, [])
  const series = seriesOf(item.properties)
  if (series) occurrencesOf(series, 0, 4e12, 100)
}
