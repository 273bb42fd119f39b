import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIntake } from '#access'

test('neither strangers nor one person hold the room of everybody for bodies, and what is given back is there again', () => {
  const hold = createIntake(1000)
  const take = (bytes: number, owner?: string) => {
    const holding = hold()
    if (owner) holding.belongsTo(owner)
    return { holding, taken: holding.take(bytes) }
  }
  assert.equal(take(250).taken, true)
  assert.equal(take(1).taken, false, 'strangers have a quarter together')
  const mary = take(250, 'mary')
  assert.equal(mary.taken, true)
  assert.equal(take(1, 'mary').taken, false, 'a person has a quarter')
  assert.deepEqual(
    [take(250, 'rob').taken, take(250, 'ann').taken, take(1, 'joe').taken],
    [true, true, false],
    'together they have the whole',
  )
  mary.holding.release()
  assert.deepEqual([take(1, 'joe').taken, take(249, 'mary').taken, take(1, 'mary').taken], [true, true, false])
})

test('what a stranger took is the person’s, once it is known who that is', () => {
  const hold = createIntake(1000)
  const holding = hold()
  assert.ok(holding.take(250))
  holding.belongsTo('mary')
  assert.equal(holding.take(1), false)
  assert.ok(hold().take(250), 'strangers have their quarter again')
  holding.release()
  const again = hold()
  again.belongsTo('mary')
  assert.ok(again.take(250))
})
