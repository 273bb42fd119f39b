import assert from 'node:assert/strict'
import test from 'node:test'
import { desk } from './desk.ts'

/** Scripts and what they give, `|` between objects; nothing else is said. */
export function cases(name: string, rows: readonly (readonly [script: string, gives: string])[]): void {
  test(name, async () => {
    for (const [script, gives] of rows) {
      const { text, said } = desk()
      assert.equal(await text(script), gives, script)
      assert.deepEqual(said, [], script)
    }
  })
}
