import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { manifestOf } from '#admin'
import { startTestSite } from '../support/site.ts'

const golden = join(import.meta.dirname, 'cmdlets.golden.json')

test('cmdlets, their roles and parameters are those of the golden file', async () => {
  await using site = await startTestSite()
  const manifest = manifestOf(site.admin.cmdlets)
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(manifest, null, 2)}\n`)
  const written = JSON.parse(readFileSync(golden, 'utf8')) as unknown
  assert.deepEqual(JSON.parse(JSON.stringify(manifest)), written, 'A change on purpose? UPDATE_GOLDEN=1 writes the file again.')
})

test('each cmdlet is named Verb-Noun, says what it does and names its roles', async () => {
  await using site = await startTestSite()
  for (const { name, summary, roles, parameters } of site.admin.cmdlets) {
    assert.match(name, /^[A-Z][a-z]+-[A-Z]\w+$/)
    assert.match(summary, /^[A-Z].*\.$/, name)
    assert.ok(roles.length > 0, name)
    const places = Object.values(parameters).flatMap(({ position }) => position ?? [])
    assert.equal(new Set(places).size, places.length, `${name} has two parameters in one place`)
    for (const parameter of Object.keys(parameters)) assert.match(parameter, /^[A-Z]\w+$/, name)
  }
})
