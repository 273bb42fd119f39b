/** What a mailbox holds, held against the model: every folder by its path, every item and version by all that is known of it. */
import assert from 'node:assert/strict'
import type { ActedMailbox, SeenItem, Snapshot } from './acted-mailbox.ts'
import { described } from './keeping.ts'
import { type Box, type Model, type Place, type Thing } from './model.ts'

export interface Real {
  mailbox: ActedMailbox
  /** Numbers of folders by box and place; of one that was removed as well. */
  numbers: Map<string, number>
}

/** How a folder is kept in `numbers`. */
export const named = (box: Box, place: Place): string => `${box} ${place}`

/** Compares all of it; `whole` reads the content of everything too. */
export async function compare(model: Model, real: Real, whole: boolean): Promise<void> {
  const snapshot = await real.mailbox.look(whole)
  compareFolders(model, real, snapshot)
  const places = new Map(
    [...real.numbers].map(([name, number]) => [`${name.split(' ', 1)[0]} ${number}`, name.slice(name.indexOf(' ') + 1)]),
  )
  const seen = (item: SeenItem) => {
    const place = (number: number | undefined) => (number === undefined ? undefined : (places.get(`${item.box} ${number}`) ?? `#${number}`))
    const { number, topic, body, isRead, category, flagged, tag, deleted } = item
    return lineOf({
      number,
      topic,
      body,
      isRead,
      category,
      flagged,
      tag,
      deleted,
      box: item.box,
      at: place(item.folder),
      last: place(item.stamp),
    })
  }
  const there = ({ at }: Thing) => at !== undefined
  assert.deepEqual(
    snapshot.items.map(seen).toSorted(),
    [...model.items.values(), ...model.versions].filter(there).map(lineOf).toSorted(),
    'not everything is as the model says',
  )
}

const lineOf = (thing: Omit<Thing, 'kind' | 'received' | 'went' | 'at'> & { at: Place | number | undefined }): string =>
  `${described(thing)} ${thing.tag ?? ''}: ${thing.box} ${thing.at}, last in ${thing.last}, deleted ${thing.deleted}`

function compareFolders(model: Model, real: Real, { folders }: Snapshot): void {
  const byNumber = new Map(folders.map((folder) => [`${folder.box} ${folder.number}`, folder]))
  const found = new Map<string, number>()
  for (const { box, number, kind, name, parent, tag } of folders) {
    if (kind) real.numbers.set(named(box, kind), number)
    if (kind || name === '') continue
    const path = [name]
    for (let at = byNumber.get(`${box} ${parent}`); at; at = byNumber.get(`${box} ${at.parent}`)) {
      path.unshift(at.kind || at.name)
      if (at.kind) break
    }
    found.set(`${box} ${path.join('/')} ${tag ?? ''}`, number)
  }
  const paths = new Map([...model.folders].filter(([, { removed }]) => !removed).map(([key, { box, tag }]) => [`${box} ${pathOf(model, key)} ${tag ?? ''}`, named(box, key)])) // prettier-ignore
  assert.deepEqual([...found.keys()].toSorted(), [...paths.keys()].toSorted(), 'the folders are not as the model says')
  for (const [path, number] of found) {
    const name = paths.get(path)!
    assert.equal(real.numbers.get(name) ?? number, number, `the folder ${path} is another than it was`)
    real.numbers.set(name, number)
  }
}

function pathOf(model: Model, key: Place): string {
  const folder = model.folders.get(key)
  return folder ? `${pathOf(model, folder.parent)}/${folder.name}` : key
}
