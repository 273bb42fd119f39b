import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Thing, type GridOptions, type Value } from '#shell'
import { gridView } from '../../src/server/commands/shell/grid-view.ts'

const badItems = [
  ['MissingItem', 'Inbox', 1],
  ['Security', 'Inbox', 2],
  ['CorruptItem', 'Calendar', 3],
  ['Security', 'Calendar', 4],
] as const

async function* objects(): AsyncGenerator<Value> {
  for (const [Kind, Folder, Size] of badItems) yield new Thing([['Kind', Kind], ['Folder', Folder], ['Size', Size]], ['BadItem']) // prettier-ignore
}

/** A person who types these lines; what was shown after each. */
async function typing(lines: string[], choose: GridOptions['choose'] = 'none', height = 24) {
  const shown: string[] = []
  let text = ''
  const chosen = await gridView(objects(), { title: 'Bad items', choose, describe: () => undefined, signal: new AbortController().signal }, {
    width: 80,
    height,
    write: (part) => void (text += part),
    async readLine() {
      shown.push(text)
      text = ''
      return lines.shift()
    },
  }) // prettier-ignore
  return { shown, chosen }
}

const kinds = (screen: string) => [...screen.matchAll(/MissingItem|Security(?= )|CorruptItem/g)].map(([kind]) => kind)

test('the source’s filter "Kind does not contain Security" leaves the other bad items (R3)', async () => {
  const { shown } = await typing(['Kind does not contain Security', 'all', 'q'])
  assert.deepEqual(kinds(shown[0]!.split('Type a filter')[0]!), ['MissingItem', 'Security', 'CorruptItem', 'Security'])
  assert.deepEqual(kinds(shown[1]!.split('Type a filter')[0]!), ['MissingItem', 'CorruptItem'])
  assert.match(shown[1]!, /1–2 of 2/)
  assert.match(shown[2]!, /1–4 of 4/)
})

test('conditions together, sorting, and what cannot be is told and changes nothing', async () => {
  const { shown } = await typing(['Folder equals Calendar and Size is greater than 3', 'sort Size desc', 'Colour equals red', 'sort', 'q'])
  assert.match(shown[1]!, /1–1 of 1/)
  assert.match(shown[3]!, /There is no column Colour; there are: Kind, Folder, Size\./)
  assert.match(shown[3]!, /1–1 of 1/)
  assert.match(shown[4]!, /Name the column/)
})

test('rows are chosen by their numbers as they are shown, after filter and sort', async () => {
  const { chosen } = await typing(['Kind contains Security', 'sort Size desc', 'choose 1'], 'one')
  assert.deepEqual(chosen.map((one) => (one as Thing).get('Size')), [4]) // prettier-ignore
  const many = await typing(['choose 9', 'choose 1-2, 4'], 'many')
  assert.match(many.shown[1]!, /'9' names no rows: write numbers from 1 to 4/)
  assert.deepEqual(many.chosen.map((one) => (one as Thing).get('Size')), [1, 2, 4]) // prettier-ignore
  assert.match((await typing(['choose 1'], 'none')).shown[1]!, /-PassThru/)
})

test('more rows than fit are paged; where nobody can type, the whole grid is shown once', async () => {
  const { shown } = await typing(['', '', 'back', 'q'], 'none', 12)
  assert.match(shown[0]!, /1–3 of 4/)
  assert.match(shown[1]!, /4–4 of 4/)
  assert.match(shown[2]!, /1–3 of 4/)
  let text = ''
  const options: GridOptions = { title: 'Bad items', choose: 'none', describe: () => undefined, signal: new AbortController().signal }
  await gridView(objects(), options, { width: 80, height: 5, write: (part) => void (text += part) })
  assert.equal(kinds(text).length, 4)
})
