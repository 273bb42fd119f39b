/** JSON as ConvertTo-Json writes and ConvertFrom-Json reads it. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { ByteSize, TimeSpan } from '#model'
import { Guid, SecureText, Table, Thing, type Value } from '#shell'
import { fromJson, toJson } from '../../src/shell/formats.ts'

test('ConvertTo-Json: objects in the order of their properties, indented or compressed', () => {
  const value = new Thing([['Name', 'Ada "x"'], ['List', [1, 'b']], ['None', []], ['Table', new Table([['a', null]])]]) // prettier-ignore
  assert.equal(
    toJson(value),
    `{
  "Name": "Ada \\"x\\"",
  "List": [
    1,
    "b"
  ],
  "None": [],
  "Table": {
    "a": null
  }
}`,
  )
  assert.equal(toJson(value, { compress: true }), '{"Name":"Ada \\"x\\"","List":[1,"b"],"None":[],"Table":{"a":null}}')
})

test('values that JSON does not know are written as texts; a secret is not written', () => {
  const values: Value[] = [
    new Date('2026-11-27T23:34:00Z'), new Date('2026-11-27T23:34:00.120Z'), new ByteSize(2048), new TimeSpan(1000), new Guid('3F2504E0-4F89-41D3-9A0C-0305E82C3301'),
    2n ** 64n, Number.NaN, new Uint8Array([1, 2]), new SecureText('hunter2'), new Date(Number.NaN),
  ] // prettier-ignore
  assert.equal(
    toJson(values, { compress: true }),
    '["2026-11-27T23:34:00Z","2026-11-27T23:34:00.120Z","2 KB (2,048 bytes)","00:00:01","3f2504e0-4f89-41d3-9a0c-0305e82c3301",18446744073709551616,"NaN",[1,2],"System.Security.SecureString",null]',
  )
})

test('what lies deeper than -Depth is written as its text, with one warning', () => {
  const deep = new Thing([['a', new Thing([['b', new Thing([['c', new Thing([['d', 1]])], ['e', [1, 2]]])]])]]) // prettier-ignore
  const said: string[] = []
  assert.equal(toJson(deep, { compress: true, warn: (text) => said.push(text) }), '{"a":{"b":{"c":"@{d=1}","e":"1 2"}}}')
  assert.equal(said.length, 1)
  assert.match(said[0]!, /depth of 2/)
  assert.equal(toJson(deep, { compress: true, depth: 3, warn: (text) => said.push(text) }), '{"a":{"b":{"c":{"d":1},"e":[1,2]}}}')
  assert.equal(said.length, 1)
  assert.throws(() => toJson(deep, { depth: 101 }), { code: 'InvalidParameter' })
})

test('an object that holds itself does not make an endless text', () => {
  const loop = new Table()
  loop.set('a', [loop, loop])
  assert.ok(toJson(loop).length < 1000)
  assert.throws(() => toJson(loop, { depth: 100, most: 100_000 }), { code: 'ScriptLimit' })
})

test('ConvertFrom-Json: objects, exact numbers, dates', () => {
  assert.deepEqual(fromJson('\ufeff{"a":{"b":[1,-2.5,9007199254740993,null,true]},"when":"2026-11-27T23:34:00Z","__proto__":"x"}'), new Thing([
    ['a', new Thing([['b', [1, -2.5, 9_007_199_254_740_993n, null, true]]])],
    ['when', new Date('2026-11-27T23:34:00Z')],
    ['__proto__', 'x'],
  ])) // prettier-ignore
  assert.deepEqual(fromJson('{"a":{"b":1}}', { asHashtable: true }), new Table([['a', new Table([['b', 1]])]]))
  assert.equal(fromJson('"2026-13-45T99:00:00Z"'), '2026-13-45T99:00:00Z')
})

test('what is no JSON, too deep or ambiguous is refused', () => {
  for (const text of ['', '{', '{a:1}', '[1,]', 'nul', '"\u0001"']) assert.throws(() => fromJson(text), { code: 'ScriptProblem' }, text)
  assert.throws(() => fromJson('[{"a":1,"A":2}]'), { code: 'ScriptProblem', message: /differ in case/ })
  assert.throws(() => fromJson('['.repeat(100_000)), { code: 'ScriptLimit' })
  assert.throws(() => fromJson('[[["["]]]', { depth: 2 }), { code: 'ScriptLimit' })
  assert.throws(() => fromJson('[1,2]', { most: 3 }), { code: 'ScriptLimit' })
})

test('whatever JSON can say comes back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!/"\d{4}-\d\d-\d\dT/.test(text))
      let made: Value
      try {
        made = fromJson(text)
      } catch (error) {
        assert.match((error as Error).message, /differ in case/)
        return
      }
      assert.equal(toJson(made, { compress: true, depth: 10 }), JSON.stringify(JSON.parse(text)))
    }),
  )
})
