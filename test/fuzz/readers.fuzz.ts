/**
 * Feeds every reader with mutated corpora and random input. A reader may answer or refuse; anything else that it throws, or
 * taking longer than its limit, is a finding. The seed is printed; FUZZ_SEED plays it again, FUZZ_SECONDS sets the time.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import {
  decodeText,
  decodeWords,
  filterHtml,
  htmlToText,
  normalisedBody,
  parseAddresses,
  parseDate,
  parseICalendar,
  parseMime,
  parseVCard,
  splitVCards,
  prependHeaders,
  readXml,
  removeHeaders,
  uniqueBody,
} from '#wire'
import { ewsOperations, readEnvelope } from '#schema'
import { contactFromVCard, itemFromMime } from '../../src/mailbox/mime/index.ts'
import { readICalendar } from '../../src/mailbox/calendar/index.ts'
import { changeOf } from '../../src/protocols/ews/ids/change-key.ts'
import { decodeEwsId, decodeLegacyEwsId, itemIdText } from '../../src/protocols/ews/ids/ews-id.ts'
import { corpus } from './corpus.ts'
import { dice, mutate, seconds, seed, shrink } from './mutate.ts'
import { readTransferred, transferStreams } from './transfer-streams.ts'
import { ewsRequests } from './requests.ts'

/** Longest that one input of at most 200 KB may take, in ms, on a loaded machine. */
const tooLong = 3000

interface Reader {
  corpus: Buffer[]
  read(input: Buffer): unknown
}

const mailbox = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
const mail = corpus('mail', [
  'From: a@b.c\r\nSubject: =?utf-8?q?x?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n',
])
const calendars = corpus('ical', [
  'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20300101T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
])
const cards = corpus('vcard', ['BEGIN:VCARD\r\nVERSION:3.0\r\nN:a;b;;;\r\nFN:b a\r\nTEL;TYPE=cell:+1\r\nEND:VCARD\r\n'])
const requests = ewsRequests.map((request) => Buffer.from(request))
const ids = [
  Buffer.from(itemIdText({ mailbox, id: 4711 })),
  Buffer.from('AAMkAGE1M2IyNGNmLTI5MTktNDUyZi1hOTVl='),
  Buffer.from('00000000' + 'ab'.repeat(60)),
]
const text = (input: Buffer): string => input.toString('utf8')

const readers: Record<string, Reader> = {
  XML: { corpus: requests, read: readXml },
  'EWS request': { corpus: requests, read: readRequest },
  MIME: { corpus: mail, read: parseMime },
  'item from MIME': { corpus: mail, read: (input) => itemFromMime(input) },
  'MIME headers edited': { corpus: mail, read: (input) => prependHeaders(removeHeaders(input, ['bcc', 'subject']), ['X-A: b']) },
  'mail headers': { corpus: mail, read: (input) => [parseAddresses(text(input)), parseDate(text(input)), decodeWords(text(input))] },
  charsets: {
    corpus: mail,
    read: (input) => [decodeText(input, text(input.subarray(0, 12))), decodeText(input, 'utf-7'), decodeText(input)],
  },
  HTML: {
    corpus: mail,
    read: (input) => [filterHtml(text(input)), htmlToText(text(input)), body(text(input), normalisedBody), body(text(input), uniqueBody)],
  },
  iCalendar: { corpus: calendars, read: (input) => parseICalendar(text(input)) },
  'items from iCalendar': { corpus: calendars, read: (input) => readICalendar(text(input)) },
  vCard: { corpus: cards, read: (input) => parseVCard(text(input)) },
  'file of vCards': { corpus: cards, read: (input) => splitVCards(text(input)) },
  'contact from vCard': { corpus: cards, read: (input) => contactFromVCard(text(input)) },
  'exported items': { corpus: transferStreams, read: readTransferred },
  'EWS ids': { corpus: ids, read: readIds },
}

function body<T>(value: string, read: (body: { type: 'HTML' | 'Text'; value: string }) => T): T[] {
  return [read({ type: 'HTML', value }), read({ type: 'Text', value })]
}

function readRequest(input: Buffer): unknown {
  const { body } = readEnvelope(readXml(input))
  return ewsOperations.get(body.name)?.request.read(body, { local: (value) => Date.parse(value) || 0 })
}

/** Each form is tried although the one before refused. */
function readIds(input: Buffer): unknown[] {
  return [decodeEwsId, decodeLegacyEwsId, (id: string) => changeOf(mailbox, id)].map((decode) => {
    try {
      return decode(text(input))
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  })
}

/** What is wrong with how the reader took the input; undefined when it answered or refused in time. */
function complaint(reader: Reader, input: Buffer): string | undefined {
  const begun = performance.now()
  try {
    reader.read(input)
  } catch (error) {
    if (!(error instanceof Refusal)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const took = performance.now() - begun
  return took > tooLong ? `took ${Math.round(took)} ms for ${input.length} bytes` : undefined
}

const share = (seconds * 1000 * 0.6) / Object.keys(readers).length

for (const [name, reader] of Object.entries(readers)) {
  test(`${name}: mutations of ${reader.corpus.length} samples`, async (context) => {
    context.diagnostic(`seed ${seed}`)
    for (const sample of reader.corpus)
      assert.equal(complaint(reader, sample), undefined, `an unchanged sample: ${sample.subarray(0, 200)}`)
    const random = dice(seed)
    const end = performance.now() + share * 0.8
    let count = 0
    for (; performance.now() < end; count++) {
      const input = mutate(random, reader.corpus)
      const problem = complaint(reader, input)
      if (!problem) continue
      const kind = problem.split('\n')[0]?.replace(/\d+/g, '') ?? ''
      const small = await shrink(input, (smaller) => complaint(reader, smaller)?.split('\n')[0]?.replace(/\d+/g, '') === kind)
      assert.fail(`seed ${seed}, input ${count}: ${problem}\nbase64 of the input, shrunk: ${small.toString('base64').slice(0, 20_000)}`)
    }
    context.diagnostic(`${count} inputs`)
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.string({ unit: 'binary', maxLength: 300 }).map((value) => Buffer.from(value)),
    )
    fc.assert(
      fc.property(arbitrary, (input) => {
        const problem = complaint(reader, Buffer.from(input))
        if (problem) throw new Error(problem)
      }),
      { seed, interruptAfterTimeLimit: share * 0.2, markInterruptAsFailure: false, numRuns: 1_000_000 },
    )
  })
}
