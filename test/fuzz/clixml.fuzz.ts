/**
 * Feeds the readers of CLIXML, CSV and JSON with tampered documents. A reader may answer or refuse; anything else that it throws, or taking longer than
 * its limit, is a finding; what CLIXML is read must be possible to show and to write again. FUZZ_SEED plays a run again, FUZZ_SECONDS sets the time.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import { ByteSize, Refusal, TimeSpan } from '#model'
import { Guid, Table, Thing, type Value } from '#shell'
import { cellText, formatDefault, fromJson, readCliXml, readCsv, toJson, toText, writeCliXml } from '../../src/shell/formats.ts'
import { dice, mutate, seconds, seed, shrink } from './mutate.ts'

/** Longest that one input of at most 200 KB may take, in ms, on a loaded machine. */
const tooLong = 3000

async function* from<T>(...values: T[]): AsyncGenerator<T> {
  yield* values
}

async function drained<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}

const shared = new Thing([['a', [1, 2.5, 2n ** 63n]]], ['T', 'System.Object'], 'text')
const samples: Value[] = [
  new Thing([['Name', 'Ada _x000A_ \n'], ['Size', new ByteSize(1024)], ['Age', new TimeSpan(1500)], ['Shared', shared], ['Again', shared]]),
  new Table([['k', new Guid('3f2504e0-4f89-41d3-9a0c-0305e82c3301')], ['d', new Date('2026-11-27T23:34:00Z')]], true),
  [null, true, 'x', new Uint8Array([1, 2, 3]), [shared, [shared]]],
] // prettier-ignore
const document = (await drained(writeCliXml(from(...samples), { depth: 5 }))).join('')
const windows =
  '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><TN RefId="0"><T>System.ConsoleColor</T><T>System.Enum</T></TN>' +
  '<ToString>Blue</ToString><I32>9</I32><MS><MS N="Set"><S N="a">b</S></MS></MS></Obj><Obj RefId="1"><TNRef RefId="0" /><QUE><Ref RefId="0" /></QUE></Obj>' +
  '<C>97</C><Sg>1.5</Sg><D>1.50</D><Version>1.2.3</Version><SBK>gci</SBK><URI>urn:x</URI><XD>&lt;a/&gt;</XD></Objs>'

const view = { width: 80, enumerationLimit: 4, describe: () => undefined }
const readers: Record<string, { corpus: Buffer[]; read: (input: Buffer) => unknown }> = {
  CLIXML: {
    corpus: [Buffer.from(document), Buffer.from(windows), Buffer.from(`\ufeff${windows}`, 'utf16le')],
    read: async (input) => {
      const values = await drained(readCliXml(from(input.subarray(0, 77), input.subarray(77))))
      for (const value of values) assert.equal(typeof (toText(value) + cellText(value) + toJson(value)), 'string')
      await drained(formatDefault(from(...values), view))
      const again = await drained(writeCliXml(from(...values), { depth: 20 }))
      await drained(readCliXml(from(again.join(''))))
    },
  },
  CSV: {
    corpus: [Buffer.from('#TYPE X\r\n"a","b"\r\n"1","two\r\nlines"\r\n,"x""y"\r\n'), Buffer.from('a;b\n1;2\n')],
    read: (input) => drained(readCsv(from(input.subarray(0, 9), input.subarray(9)), { delimiter: ',', typeInformation: false })),
  },
  JSON: {
    corpus: [Buffer.from('{"a":[1,2.5,"x",null,{"b":"2026-11-27T23:34:00Z"}],"c":9007199254740993}')],
    read: (input) => fromJson(input.toString('utf8')),
  },
}

const only = Object.entries(readers)
for (const [name, { corpus, read }] of only) {
  test(`${name}: tampered input is read or refused (FUZZ_SEED=${seed})`, async () => {
    const random = dice(seed)
    const end = performance.now() + (seconds * 1000) / only.length
    const finding = async (input: Buffer): Promise<string | undefined> => {
      const begun = performance.now()
      try {
        await read(input)
      } catch (error) {
        if (!(error instanceof Refusal)) return error instanceof Error ? (error.stack ?? error.message) : String(error)
      }
      const took = performance.now() - begun
      return took > tooLong ? `it took ${Math.round(took)} ms` : undefined
    }
    let tried = 0
    for (; performance.now() < end; tried++) {
      const input = mutate(random, corpus)
      const found = await finding(input)
      if (found === undefined) continue
      const smallest = await shrink(input, async (smaller) => (await finding(smaller)) !== undefined)
      assert.fail(`${JSON.stringify(smallest.toString('utf8').slice(0, 2000))}: ${await finding(smallest)}`)
    }
    assert.ok(tried > 10, 'it was too slow to try anything')
  })
}
