import assert from 'node:assert/strict'
import { test } from 'node:test'
import { votingIn } from '../../src/mailbox/mime/voting-fields.ts'

test('a vote of a stranger that is cut to its longest holds no half character', () => {
  const value = `${'x'.repeat(254)}\u{1f600}`
  const [vote] = Object.values(votingIn([{ key: 'isthmus-voting-response', name: 'Isthmus-Voting-Response', raw: value, value }]))
  assert.ok(typeof vote?.value === 'string' && vote.value.isWellFormed())
  assert.equal(vote.value.length, 255)
})
