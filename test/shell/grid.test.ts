/** The grid of Out-GridView: what its filters let through, how it sorts, what a window shows of it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { ByteSize } from '#model'
import { Thing, type Value } from '#shell'
import { apply, gridOf, objectsOf, parseFilter, render, type GridSort } from '../../src/shell/formats.ts'
import { widthOf } from '../../src/shell/format/width.ts'

const rows: [string, string, number, string | null][] = [
  ['Bad item 1', 'MissingItem', 12, 'Inbox'],
  ['bad item 2', 'SecurityPrincipal', 3, null],
  ['Other', 'CorruptItem', 100, 'Research and Development'],
  ['Other 2', 'Security', 7, ''],
]
const list = rows.map(([Subject, Kind, Size, Folder]) => new Thing([['Subject', Subject], ['Kind', Kind], ['Size', Size], ['Folder', Folder]])) // prettier-ignore
const grid = gridOf(list)
const kept = (filter: string, sort?: GridSort): Value[] =>
  objectsOf(apply(grid, parseFilter(filter), sort)).map((object) => (object as Thing).get('Size') ?? null)

test('filters as one writes them', () => {
  assert.deepEqual(kept('Kind does not contain Security'), [12, 100])
  assert.deepEqual(kept('kind contains security'), [3, 7])
  assert.deepEqual(kept('Kind equals security'), [7])
  assert.deepEqual(kept('Kind does not equal "Security"'), [12, 3, 100])
  assert.deepEqual(kept('Subject starts with bad'), [12, 3])
  assert.deepEqual(kept('Subject ends with 2'), [3, 7])
  assert.deepEqual(kept('Folder is empty'), [3, 7])
  assert.deepEqual(kept('Folder is not empty'), [12, 100])
  assert.deepEqual(kept('Size is greater than 7'), [12, 100])
  assert.deepEqual(kept('Size is less than 7'), [3])
  assert.deepEqual(kept('Kind does not contain Security and Size is less than 50'), [12])
  assert.deepEqual(kept('Folder contains "Research and Dev" and Size is greater than 1'), [100])
  assert.deepEqual(kept(''), [12, 3, 100, 7])
})

test('a text without an operator is looked for in every column, word by word', () => {
  assert.deepEqual(kept('item inbox'), [12])
  assert.deepEqual(kept('security and Size is greater than 5'), [7])
  assert.deepEqual(kept('nowhere'), [])
})

test('a column that is not there is refused by name, with those that are', () => {
  assert.throws(() => kept('Kin contains x'), {
    code: 'InvalidParameter',
    message: 'There is no column Kin; there are: Subject, Kind, Size, Folder.',
  })
})

test('it sorts numbers, sizes and dates by what they are, texts without case, and keeps equal rows in order', () => {
  assert.deepEqual(kept('', { column: 'size' }), [3, 7, 12, 100])
  assert.deepEqual(kept('', { column: 'Size', descending: true }), [100, 12, 7, 3])
  assert.deepEqual(kept('', { column: 'Subject' }), [12, 3, 100, 7])
  assert.deepEqual(kept('', { column: 'Folder' }), [3, 7, 12, 100])
  const sizes = gridOf([20, 3, 1000].map((kb) => new Thing([['S', new ByteSize(kb * 1024)]])))
  const texts = (filter: string): string[] =>
    apply(sizes, parseFilter(filter), { column: 'S' }).rows.map(({ texts: [text = ''] }) => text.split(' (')[0]!)
  assert.deepEqual(texts(''), ['3 KB', '20 KB', '1000 KB'])
  assert.deepEqual(texts('S is greater than 10KB'), ['20 KB', '1000 KB'])
  const dates = gridOf([new Thing([['D', new Date(2026, 1, 1)]]), new Thing([['D', new Date(2025, 11, 1)]])])
  assert.equal(apply(dates, parseFilter('D is less than 2026-01-15')).rows.length, 1)
})

test('columns are those of all objects; plain values have one', () => {
  assert.deepEqual(gridOf([new Thing([['A', 1]]), new Thing([['B', 2]]), 'x']).columns.map(({ name }) => name), ['A', 'B', 'Value']) // prettier-ignore
  assert.deepEqual(gridOf(['x', 'y']).rows.map(({ texts }) => texts), [['x'], ['y']]) // prettier-ignore
  assert.deepEqual(gridOf(list, ['Size']).columns.map(({ name }) => name), ['Size']) // prettier-ignore
  assert.throws(() => gridOf([new Thing(Array.from({ length: 257 }, (_one, at) => [`P${at}`, 1] as const))]), { code: 'ScriptLimit' })
})

test('a window of it', () => {
  assert.deepEqual(render(grid, 60, 6, 1), [
    'Subject    Kind              Size Folder',
    '---------- ----------------- ---- ------------------------',
    'bad item 2 SecurityPrincipal    3',
    'Other      CorruptItem        100 Research and Development',
    'Other 2    Security             7',
    '2–4 of 4',
  ])
  assert.deepEqual(render(apply(grid, parseFilter('nowhere')), 30, 4, 0).slice(2), ['', '0–0 of 0'])
})

test('every line of every window fits, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' })), { maxLength: 6 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: -3, max: 9 }),
      (objects, width, height, offset) => {
        const lines = render(gridOf(objects.map((object) => new Thing(Object.entries(object)))), width, height, offset)
        assert.ok(lines.length <= height)
        for (const line of lines) {
          assert.ok(widthOf(line) <= width, JSON.stringify(line))
          assert.doesNotMatch(line, /[\0-\x1f\x7f-\x9f]/)
        }
      },
    ),
  )
})

test('no text is too strange for a filter', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(parseFilter(text))))
  const long = 'a and '.repeat(20_000)
  const begun = performance.now()
  parseFilter(long)
  assert.ok(performance.now() - begun < 2000)
})
