import assert from 'node:assert/strict'
import type { Operation } from './acted-mailbox.ts'
import { named, type Real } from './compare.ts'
import { isActive, type Model } from './model.ts'

/**
 * Does it, and again when the process died in the midst of it: a person who saw no answer looks, and asks for what is not done. The code of the refusal,
 * when it was refused.
 */
export async function perform(model: Model, real: Real, operation: Operation): Promise<string | undefined> {
  const { refused } = await real.mailbox.perform(operation, model.now)
  if (refused !== 'killed') return refused
  return (await isDone(model, real, operation)) ? undefined : perform(model, real, operation)
}

/** The same for what nobody refuses. */
export async function done(model: Model, real: Real, operation: Operation): Promise<void> {
  assert.equal(await perform(model, real, operation), undefined, `${operation.do} is refused`)
}

/** True for what would do something else if it were done once more, and is done. What is no harm to repeat is repeated. */
async function isDone(model: Model, real: Real, operation: Operation): Promise<boolean> {
  const { items, folders } = await real.mailbox.look(false)
  const numberOf = (place: string) => real.numbers.get(named('mailbox', place))
  switch (operation.do) {
    case 'createItem':
      return items.some(({ number }) => number === operation.item.number)
    case 'createFolder':
      return folders.some(({ name }) => name === operation.name)
    case 'moveItem':
    case 'deleteItem': {
      const before = model.items.get(operation.item)!
      const now = items.find(({ number, isVersion }) => number === operation.item && !isVersion)
      return now?.folder !== real.numbers.get(named(before.box, before.at!))
    }
    case 'deleteFolder': {
      const there = folders.find(({ box, number }) => box === 'mailbox' && number === operation.folder.folder)
      const [name = ''] =
        [...real.numbers].find(([name, number]) => name.startsWith('mailbox ') && number === operation.folder.folder) ?? []
      return !there || (isActive(model, name.slice('mailbox '.length)) && there.parent === numberOf('deleteditems'))
    }
    default:
      return false
  }
}
