/** Files of values between delimiters: RFC 4180, as Export-Csv writes and Import-Csv reads them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import { Table, Thing, type Value } from '#shell'
import { csvHeader, csvRecords, readCsv, type CsvReadLimits } from '../../src/shell/formats.ts'
import type { CsvOptions } from '#shell'

async function* from<T>(...values: T[]): AsyncGenerator<T> {
  yield* values
}

const written = (values: Value[], options: Partial<CsvOptions> = {}): Promise<string[]> =>
  Array.fromAsync(csvRecords(from(...values), { delimiter: ',', typeInformation: false, ...options }))
const read = (
  pieces: (string | Uint8Array)[],
  options: { delimiter?: string; header?: string[] } = {},
  limits?: CsvReadLimits,
): Promise<Value[]> => Array.fromAsync(readCsv(from(...pieces), { delimiter: ',', typeInformation: false, ...options }, limits))

const ada = new Thing([['Name', 'Ada "the first", Countess'], ['Note', 'two\r\nlines'], ['Empty', null], ['Yes', true], ['Date', new Date(2026, 10, 27, 23, 34)], ['List', ['a', 'b']]]) // prettier-ignore

test('Export-Csv: the names of the first object, everything in quotes, what is null empty', async () => {
  assert.deepEqual(await written([ada, new Thing([['Other', 1], ['name', 'Grace']])], { typeInformation: true }), [
    '#TYPE System.Management.Automation.PSCustomObject',
    '"Name","Note","Empty","Yes","Date","List"',
    '"Ada ""the first"", Countess","two\r\nlines",,"True","11/27/2026 11:34:00 PM","System.Object[]"',
    '"Grace",,,,,',
  ]) // prettier-ignore
  assert.deepEqual(await written([new Table([['A', 1]])], { delimiter: ';' }), ['"A"', '"1"'])
  assert.deepEqual(await written(['text']), ['"Length"', '"4"'])
  assert.deepEqual(await written([new Thing([['A', 'x'], ['B', 'y,z']])], { quotes: 'AsNeeded' }), ['A,B', 'x,"y,z"']) // prettier-ignore
  assert.deepEqual(await written([]), [])
})

test('appending writes no names again, and refuses an object that lacks a column unless forced', async () => {
  const row = new Thing([['B', 2], ['A', 1], ['C', 3]]) // prettier-ignore
  assert.deepEqual(await written([row], { existing: ['A', 'B'], typeInformation: true }), ['"1","2"'])
  await assert.rejects(written([row], { existing: ['A', 'D'] }), { code: 'InvalidParameter', message: /no property D/ })
  assert.deepEqual(await written([row], { existing: ['A', 'D'], force: true }), ['"1",'])
  assert.deepEqual(await csvHeader(from('#TYPE X\r\n\r\n"A","B"\r\n"1","2"'), ','), ['A', 'B'])
  assert.equal(await csvHeader(from(''), ','), undefined)
})

test('what has no properties is refused, and so is a delimiter that is none', async () => {
  await assert.rejects(written([5]), { code: 'InvalidParameter', message: /System.Int32/ })
  for (const delimiter of ['', ';;', '"', '\n']) await assert.rejects(written([ada], { delimiter }), { code: 'InvalidParameter' })
})

test('Import-Csv: texts by the names of the first line, short lines filled with null, long ones cut, blank ones passed over', async () => {
  assert.deepEqual(await read(['a,b,\r\n1,"two\r\n""lines""",3,4\n\n\n5\r']), [
    new Thing([['a', '1'], ['b', 'two\r\n"lines"'], ['H3', '3']]),
    new Thing([['a', '5'], ['b', null], ['H3', null]]),
  ]) // prettier-ignore
  assert.deepEqual(await read(['#TYPE My.Type\n"a"\n"x"']), [new Thing([['a', 'x']], ['CSV:My.Type'])])
  assert.deepEqual(await read(['1;2'], { delimiter: ';', header: ['x', 'y'] }), [new Thing([['x', '1'], ['y', '2']])]) // prettier-ignore
  assert.deepEqual(await read([Buffer.from('\ufeffa\nü', 'utf8')]), [new Thing([['a', 'ü']])])
  assert.deepEqual(await read([Buffer.from('\ufeffa\nü', 'utf16le')]), [new Thing([['a', 'ü']])])
  assert.deepEqual(await read(['a\n""\n']), [new Thing([['a', '']])])
  assert.deepEqual(await read(['']), [])
})

test('whatever is written comes back, however the text is cut', async () => {
  const field = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', ' ', '#') }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(',', ';', '\t', ']', '^', '-', '\\'),
      fc.infiniteStream(fc.integer({ min: 1, max: 6 })),
      fc.constantFrom('\n', '\r\n', '\r'),
      async (rows, delimiter, sizes, end) => {
        const objects = rows.map(([A, B]) => new Thing([['A', A], ['B', B]])) // prettier-ignore
        const text = (await written(objects, { delimiter })).map((record) => record + end).join('')
        const pieces: string[] = []
        for (let at = 0; at < text.length; at += pieces.at(-1)!.length) pieces.push(text.slice(at, at + sizes.next().value!))
        assert.deepEqual(await read(pieces, { delimiter }), objects)
      },
    ),
    { numRuns: 200 },
  )
})

test('what is no CSV is refused with the line, and sizes are bounded', async () => {
  await assert.rejects(read(['a\n1\n"x\n']), { code: 'ScriptProblem', message: /no end \(line 3\)/ })
  await assert.rejects(read(['a,A\n']), { code: 'ScriptProblem', message: /two columns are called A \(line 1\)/ })
  await assert.rejects(read(['a\n', 'x'.repeat(50)], {}, { record: 20 }), { code: 'ScriptLimit' })
  await assert.rejects(read(['"', ...Array.from({ length: 40 }, () => 'x,\n')], {}, { record: 20 }), { code: 'ScriptLimit' })
  await assert.rejects(read([',,,,,,'], {}, { columns: 3 }), { code: 'ScriptLimit' })
  await assert.rejects(read(['a\n', 'b\n'.repeat(50)], {}, { size: 20 }), { code: 'ScriptLimit' })
  await assert.rejects(read([new Uint8Array([0x61, 0xff])]), (error) => error instanceof Refusal && error.code === 'ScriptProblem')
})

test('a long file is read record by record', async () => {
  let given = 0
  const source = async function* (): AsyncGenerator<string> {
    yield 'a\n'
    while (true) yield `${given++}\n`
  }
  for await (const row of readCsv(source(), { delimiter: ',', typeInformation: false })) if ((row as Thing).get('a') === '1000') break
  assert.ok(given < 1010)
})
