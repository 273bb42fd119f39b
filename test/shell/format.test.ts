/** What the shell prints: texts of values, tables, lists, wide lists, and the view that nobody asked for. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { ByteSize, TimeSpan } from '#model'
import { Block, Guid, SecureText, Table, Thing, type Value } from '#shell'
import {
  cellText,
  formatCustom,
  formatDefault,
  formatList,
  formatTable,
  formatted,
  formatWide,
  toText,
  typeNameOf,
  type FormatOptions,
} from '../../src/shell/formats.ts'
import { cut, widthOf, wrap } from '../../src/shell/format/width.ts'

async function* from<T>(...values: T[]): AsyncGenerator<T> {
  yield* values
}

const options = (given: Partial<FormatOptions> = {}): FormatOptions => ({
  width: 80,
  enumerationLimit: 4,
  describe: () => undefined,
  ...given,
})
type View = (objects: AsyncIterable<Value>, options: FormatOptions) => AsyncIterable<string>
const shown = async (view: View, values: Value[], given: Partial<FormatOptions> = {}): Promise<string> =>
  (await Array.fromAsync(view(from(...values), options(given)))).join('\n')
const thing = (properties: Record<string, Value>, types: string[] = []): Thing => new Thing(Object.entries(properties), types)

const boxes = [
  thing({ Name: 'Ada', ItemCount: 7, TotalItemSize: new ByteSize(1_610_612_736) }),
  thing({ Name: 'Grace Hopper', ItemCount: 12_345, TotalItemSize: new ByteSize(0) }),
]

test('each kind of value has the text that PowerShell gives it', () => {
  const date = new Date(2026, 10, 27, 23, 34, 0)
  const rows: [Value, cell: string, text: string][] = [
    [null, '', ''],
    [true, 'True', 'True'],
    [1.5, '1.5', '1.5'],
    [1e16, '1E+16', '1E+16'],
    [1.5e-7, '1.5E-07', '1.5E-07'],
    [Number.POSITIVE_INFINITY, '∞', '∞'],
    [12_345_678_901, '12345678901', '12345678901'],
    [date, '11/27/2026 11:34:00 PM', '11/27/2026 23:34:00'],
    [new Date(2026, 0, 2, 0, 5, 9), '1/2/2026 12:05:09 AM', '01/02/2026 00:05:09'],
    [['a', 'b'], '{a, b}', 'a b'],
    [[1, 2, 3, 4, 5], '{1, 2, 3, 4…}', '1 2 3 4 5'],
    [[], '{}', ''],
    [new ByteSize(1_610_612_736), '1.5 GB (1,610,612,736 bytes)', '1.5 GB (1,610,612,736 bytes)'],
    [new TimeSpan(93_784_500), '1.02:03:04.5000000', '1.02:03:04.5000000'],
    [new Guid('3F2504E0-4F89-41D3-9A0C-0305E82C3301'), '3f2504e0-4f89-41d3-9a0c-0305e82c3301', '3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
    [new SecureText('hunter2'), 'System.Security.SecureString', 'System.Security.SecureString'],
    [new Uint8Array([1, 2, 3, 4, 5]), '{1, 2, 3, 4…}', '1 2 3 4 5'],
    [thing({ Name: 'x', Sub: thing({ A: 1 }) }), '@{Name=x; Sub=@{A=1}}', '@{Name=x; Sub=@{A=1}}'],
    [new Thing([['Name', 'x']], ['T'], 'the text'), 'the text', 'the text'],
    [new Table([['A', 1]]), '{[A, 1]}', 'System.Collections.Hashtable'],
    [new Block(' $_ ', null), ' $_ ', ' $_ '],
  ] // prettier-ignore
  for (const [value, cell, text] of rows) {
    assert.equal(cellText(value), cell)
    assert.equal(toText(value), text)
  }
  assert.equal(cellText([1, 2, 3, 4, 5], -1), '{1, 2, 3, 4, 5}')
  assert.deepEqual([1, 2 ** 40, 1.5, 'x', null].map(typeNameOf), ['System.Int32', 'System.Int64', 'System.Double', 'System.String', 'System.Object']) // prettier-ignore
})

test('the text of an object that holds itself, or holds much, is bounded', () => {
  const loop = thing({ Name: 'x' })
  loop.set('Self', loop)
  loop.set('Many', [loop, loop])
  assert.ok(toText(loop).length < 1000)
  const wide = new Thing(Array.from({ length: 5000 }, (_one, at) => [`P${at}`, 'x'.repeat(100)] as const))
  const wider = new Thing(Array.from({ length: 5000 }, (_one, at) => [`Q${at}`, wide] as const))
  assert.ok(toText(wider).length < 200_000)
})

test('Format-Table: headings, a rule, numbers at the right, no more width than needed', async () => {
  assert.equal(
    await shown(formatTable, boxes),
    `
Name         ItemCount TotalItemSize
----         --------- -------------
Ada                  7 1.5 GB (1,610,612,736 bytes)
Grace Hopper     12345 0 B (0 bytes)
`,
  )
})

test('Format-Table: columns by name and wildcard, calculated, with width, alignment and format', async () => {
  const calculated = {
    name: 'Half',
    value: async (object: Value) => Number((object as Thing).get('ItemCount')) / 2,
    format: 'N1',
    width: 10,
  }
  assert.equal(
    await shown(formatTable, boxes, {
      columns: [{ name: 'itemcount', alignment: 'left' }, { name: 'N*' }, calculated, { name: 'Missing' }],
    }),
    `
ItemCount Name               Half Missing
--------- ----               ---- -------
7         Ada                 3.5
12345     Grace Hopper    6,172.5
`,
  )
})

test('Format-Table: default columns of the type, also when it is Deserialized', async () => {
  const describe = (type: string) =>
    type === 'Mailbox' ? { name: '', summary: '', parameters: [], changes: false, columns: ['B'] } : undefined
  for (const type of ['Mailbox', 'Deserialized.Mailbox']) {
    assert.equal(await shown(formatTable, [thing({ A: 1, B: 'b', C: 3, D: 4, E: 5 }, [type])], { describe }), '\nB\n-\nb\n')
  }
})

test('Format-Table: what does not fit is cut with …, wrapped with -Wrap, left out at the right with -AutoSize', async () => {
  const rows = [thing({ First: 'a'.repeat(20), Second: 'bb bb bb bb bb bb bb' })]
  assert.equal(await shown(formatTable, rows, { width: 26 }), `\nFirst        Second\n-----        ------\naaaaaaaaaaa… bb bb bb bb…\n`)
  assert.equal(
    await shown(formatTable, rows, { width: 26, wrap: true }),
    `\nFirst        Second\n-----        ------\naaaaaaaaaaaa bb bb bb bb\naaaaaaaa     bb bb bb\n`,
  )
  assert.equal(await shown(formatTable, rows, { width: 26, autoSize: true }), `\nFirst\n-----\n${'a'.repeat(20)}\n`)
  assert.equal(await shown(formatTable, rows, { width: 80, hideHeaders: true }), `\n${'a'.repeat(20)} bb bb bb bb bb bb bb\n`)
})

test('Format-Table -GroupBy begins a table for each run of equal values', async () => {
  const rows = [thing({ K: 'x', N: 1 }), thing({ K: 'x', N: 2 }), thing({ K: 'y', N: 3 })]
  assert.equal(
    await shown(formatTable, rows, { groupBy: { name: 'K' }, columns: [{ name: 'N' }] }),
    `
   K: x

N
-
1
2


   K: y

N
-
3
`,
  )
})

test('wide characters take two columns, combining marks none', async () => {
  assert.deepEqual(['abc', '日本', 'e\u0301', '👩‍👩‍👧', '\u200b', 'ｱ', 'Ａ'].map(widthOf), [3, 4, 1, 2, 0, 1, 2])
  assert.equal(cut('日本語', 5), '日本…')
  assert.equal(cut('日本語', 4), '日…')
  assert.equal(cut('e\u0301e\u0301e\u0301', 2), 'e\u0301…')
  const table = await shown(formatTable, [thing({ Name: '日本語', Next: 'x' }), thing({ Name: 'Ada', Next: 'y' })])
  assert.equal(table, '\nName   Next\n----   ----\n日本語 x\nAda    y\n')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
      const line = text.replace(/\n/g, ' ')
      assert.ok(widthOf(cut(line, width)) <= width)
      for (const part of wrap(line, Math.max(2, width))) assert.ok(widthOf(part) <= Math.max(2, width), JSON.stringify(part))
    }),
  )
})

test('a name cannot drive the terminal', async () => {
  const evil = thing({ Name: 'a\u001b[2J\u009b\u202eb\u0007', 'x\u001b\n\u009b': 1 }, ['\u001btype'])
  for (const view of [formatTable, formatList, formatWide, formatCustom, formatDefault]) {
    const text = await shown(view, [evil, 'x\u001b]0;y\u0007'], view === formatTable ? { groupBy: { name: 'x\u001b\n\u009b' } } : {})
    assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]/)
    assert.match(text, /␛/)
  }
})

test('a value of millions of characters is shown in time and memory of its length', async () => {
  const begun = performance.now()
  for (const piece of ['word ', 'é日']) {
    const long = thing({ Name: piece.repeat(400_000) })
    const list = await shown(formatList, [long], { width: 120 })
    assert.ok(list.length > 800_000)
    assert.ok((await shown(formatTable, [long])).length < 300)
    assert.ok((await shown(formatTable, [long], { wrap: true })).length > 800_000)
  }
  assert.ok(performance.now() - begun < 20_000)
})

test('a table begins after 1,000 objects and then keeps only one', async () => {
  let given = 0
  const objects = async function* (): AsyncGenerator<Value> {
    while (true) yield thing({ N: ++given })
  }
  let lines = 0
  for await (const line of formatTable(objects(), options())) {
    lines++
    if (lines <= 3) assert.equal(given, 1000)
    if (line === '5000') break
  }
  assert.equal(given, 5000)
})

test('Format-List: every property, long values under themselves, wildcards; names that are not there are left out', async () => {
  assert.equal(
    await shown(formatList, [thing({ Name: 'Ada', LongName: 'one two three four five six', List: ['a', 'b'] })], { width: 28 }),
    `\nName     : Ada\nLongName : one two three\n           four five six\nList     : {a, b}\n`,
  )
  assert.equal(await shown(formatList, boxes, { columns: [{ name: 'n*' }, { name: 'nope' }] }), '\nName : Ada\n\nName : Grace Hopper\n')
})

test('Format-Wide: one property beside the other', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((Name) => thing({ Id: 1, Name }))
  assert.equal(await shown(formatWide, rows, { width: 20 }), '\na         b\nc         d\ne\n')
  assert.equal(await shown(formatWide, rows, { width: 20, across: 4 }), '\na    b    c    d\ne\n')
  assert.equal(await shown(formatWide, rows, { width: 20, autoSize: true }), '\na  b  c  d  e\n'.replaceAll('  ', ' '))
})

test('Format-Custom goes into objects', async () => {
  assert.equal(
    await shown(formatCustom, [thing({ A: 1, B: thing({ C: [2, thing({ D: 3 })] }) })]),
    `
class PSCustomObject
{
  A = 1
  B = 
    class PSCustomObject
    {
      C = 
        [
          2
          class PSCustomObject
          {
            D = 3
          }
        ]
    }
}
`,
  )
})

test('the default view: table up to four properties or with default columns, else list; scalars a line each; a new view for another kind', async () => {
  assert.equal(await shown(formatDefault, ['text', 1, null, [2, 'three'], true]), 'text\n1\n2\nthree\nTrue')
  assert.equal(await shown(formatDefault, [new Date(2026, 10, 27, 23, 34)]), 'Friday, November 27, 2026 11:34:00 PM')
  assert.equal(await shown(formatDefault, [new Table([['b', 1], ['a', 'x']])]), '\nName Value\n---- -----\nb    1\na    x\n') // prettier-ignore
  assert.equal(await shown(formatDefault, [thing({ A: 1, B: 2, C: 3, D: 4, E: 5 })]), '\nA : 1\nB : 2\nC : 3\nD : 4\nE : 5\n')
  assert.equal(await shown(formatDefault, [thing({ A: 1 }), thing({ A: 2 }), thing({ B: 3 }), 'x']), '\nA\n-\n1\n2\n\n\nB\n-\n3\n\nx')
})

test('headings are coloured when that is asked for', async () => {
  assert.match(await shown(formatTable, boxes, { colour: true }), /\u001b\[32;1mName .*\u001b\[0m/)
})

test('.NET format texts', () => {
  const date = new Date(2026, 10, 7, 23, 4, 9, 50)
  const rows: [Value, string, string][] = [
    [1234.567, 'N2', '1,234.57'],
    [1234.567, 'N0', '1,235'],
    [0.256, 'P0', '26%'],
    [42, 'D5', '00042'],
    [255, 'X4', '00FF'],
    [-1, 'x', 'ffffffff'],
    [1234.5, 'F3', '1234.500'],
    [1234.5, 'E2', '1.23E+003'],
    [-3.5, 'C', '-$3.50'],
    [1234.5, '#,##0.00', '1,234.50'],
    [7, '000', '007'],
    [0.5, '0%', '50%'],
    [3, '{0:N1} MB', '3.0 MB'],
    ['x', '{0,5}|', '    x|'],
    [date, 'yyyy-MM-dd HH:mm:ss', '2026-11-07 23:04:09'],
    [date, 'd', '11/7/2026'],
    [date, "ddd d MMM yy 'at' h:mm tt", 'Sat 7 Nov 26 at 11:04 PM'],
    [date, 's', '2026-11-07T23:04:09'],
    [new TimeSpan(93_784_000), "d\\.hh\\:mm", '1.02:03'],
    [new ByteSize(2048), 'N0', '2,048'],
    ['text', 'N2', 'text'],
    [1.5, 'nonsense', 'nonsense'],
    [1.5, 'Q2', '1.5'],
  ] // prettier-ignore
  for (const [value, format, text] of rows) assert.equal(formatted(value, format), text, format)
  fc.assert(fc.property(fc.oneof(fc.double(), fc.date(), fc.string()), fc.string({ unit: 'binary' }), (value, format) => typeof formatted(value, format) === 'string')) // prettier-ignore
})
