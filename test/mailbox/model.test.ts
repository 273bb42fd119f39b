import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  asMapiType, containsText, defaultRightsOf, folderRights, mapiAlias, matches, permissionLevelOf, permissionLevels, properties, type Comparable,
  type ContainmentComparison, type Restriction,
} from '#model' // prettier-ignore

test('every permission level is told by its rights', () => {
  for (const [level, rights] of Object.entries(permissionLevels)) assert.equal(permissionLevelOf(rights), level)
  assert.equal(permissionLevelOf(folderRights.readAny | folderRights.deleteAny), 'Custom')
  // A delegate's right to see private items, and free/busy beside reading, change no level.
  assert.equal(permissionLevelOf(permissionLevels.Editor | folderRights.viewPrivate | folderRights.freeBusyDetailed), 'Editor')
  assert.deepEqual([defaultRightsOf('calendar'), defaultRightsOf('inbox')], [permissionLevels.FreeBusyTimeOnly, permissionLevels.None])
})

test('text is compared as the containment comparison says', () => {
  const same = (text: string, value: string, comparison: ContainmentComparison) => containsText(text, value, 'FullString', comparison)
  const table: [string, string, ContainmentComparison, boolean][] = [
    ['Über', 'über', 'Exact', false],
    ['Über', 'über', 'IgnoreCase', true],
    ['Über', 'uber', 'IgnoreCase', false],
    ['Über', 'Uber', 'IgnoreNonSpacingCharacters', true],
    ['Über', 'uber', 'IgnoreNonSpacingCharacters', false],
    ['Über', 'uber', 'IgnoreCaseAndNonSpacingCharacters', true],
    ['ＡＢＣ', 'abc', 'LooseAndIgnoreCase', true],
    ['ＡＢＣ', 'abc', 'IgnoreCase', false],
  ]
  for (const [text, value, comparison, expected] of table)
    assert.equal(same(text, value, comparison), expected, `${text} ${value} ${comparison}`)
})

test('comparisons know types, absence, lists and bits', () => {
  const values: Record<string, Comparable | undefined> = {
    subject: 'Plan',
    size: 1000,
    isRead: true,
    dateTimeReceived: Date.UTC(2030, 0, 7, 9),
    categories: ['Red', 'Blue'],
  }
  const holds = (restriction: Restriction) => matches(restriction, (path) => ('property' in path ? values[path.property] : undefined))
  const compare = (property: string, is: '=' | '<>' | '<' | '<=' | '>' | '>=', value: string) =>
    holds({ compare: { property }, is, with: { value } })
  assert.ok(compare('subject', '=', 'plan'))
  assert.ok(!compare('subject', '<>', 'PLAN'))
  assert.ok(compare('size', '>', '999') && !compare('size', '>', '1000') && compare('size', '<=', '1000'))
  assert.ok(compare('isRead', '=', '1') && compare('isRead', '=', 'true') && compare('isRead', '<>', '0'))
  assert.ok(compare('dateTimeReceived', '=', '2030-01-07T09:00:00Z') && compare('dateTimeReceived', '=', '2030-01-07T10:00:00+01:00'))
  assert.ok(compare('dateTimeReceived', '>', '2030-01-07') && compare('dateTimeReceived', '<', '2030-01-07T09:00:01'))
  assert.ok(compare('categories', '=', 'Blue') && !compare('categories', '<>', 'Blue'))
  assert.ok(compare('importance', '<>', 'High') && !compare('importance', '=', 'High') && !compare('importance', '<', 'High'))
  assert.ok(compare('references', '=', '') && !compare('references', '>', ''))
  assert.ok(!compare('size', '=', 'many'))
  assert.ok(holds({ excludes: { property: 'size' }, bitmask: 3 }) && !holds({ excludes: { property: 'size' }, bitmask: 8 }))
  assert.ok(holds({ exists: { property: 'size' } }) && !holds({ exists: { property: 'flag' } }))
  assert.ok(holds({ and: [] }) && !holds({ or: [] }))
})

test('every MAPI property of the dictionary is an alias; a type that does not fit is converted', () => {
  for (const row of properties) {
    const [kind] = row.on
    if (row.mapi && kind) assert.ok(mapiAlias(row.mapi, kind), row.name)
  }
  assert.equal(mapiAlias({ tag: 0x6a01, type: 'Integer' }, 'message'), undefined)
  const importance = mapiAlias({ tag: 0x17, type: 'Integer' }, 'message')
  assert.equal(
    importance?.read(() => 'High'),
    2,
  )
  assert.deepEqual(
    importance?.write?.(0, () => undefined),
    { importance: 'Low' },
  )
  assert.deepEqual(asMapiType(5, 'String'), { type: 'String', value: '5' })
  assert.deepEqual(asMapiType('5', 'Integer'), { type: 'Integer', value: 5 })
  assert.deepEqual(asMapiType('a', 'StringArray'), { type: 'StringArray', value: ['a'] })
  assert.equal(asMapiType('five', 'Integer'), undefined)
})
