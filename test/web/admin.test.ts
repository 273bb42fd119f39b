import assert from 'node:assert/strict'
import test from 'node:test'
import { pages } from '../../src/web/admin/pages.ts'
import { commandText } from '../../src/web/admin/command.ts'
import { describe } from '#admin'
import { startTestSite } from '../support/site.ts'
import { populate } from './populated.ts'

/** What a page lists only when it is asked for. */
const asked: Record<string, Record<string, unknown>> = { 'mailbox-audit': { Identity: 'sales', ShowDetails: true } }
/** Pages of what is gone when it is done. */
const passing = ['audit-searches']
const isEmpty = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

test('each page of the admin centre names cmdlets that there are, parameters that they take, and columns that their objects have values in', async () => {
  await using site = await startTestSite()
  await populate(site)
  const cmdlets = new Map(site.admin.cmdlets.map((each) => [each.name, describe(each)]))
  const findings: string[] = []
  for (const page of pages) {
    const { list, detail, create, edit, remove, actions = [], asks = [], createFirst = [], editFirst = [] } = page
    const named = [list, detail, create, edit, remove, ...actions].filter((name) => name !== undefined)
    for (const name of named) if (!cmdlets.has(name)) findings.push(`${page.key}: there is no ${name}`)
    const takes = (name: string | undefined, parameters: readonly string[]) => {
      const known = new Set(cmdlets.get(name ?? '')?.parameters.map((one) => one.name))
      for (const parameter of parameters) if (!known.has(parameter)) findings.push(`${page.key}: ${name} has no -${parameter}`)
    }
    takes(list, [...asks, ...Object.keys(page.with ?? {})])
    takes(create, [...createFirst, ...Object.keys(page.createWith ?? {})])
    takes(edit, editFirst)
    const identity = page.identityParameter ?? 'Identity'
    if (identity !== '') for (const name of [detail, edit, remove, ...actions]) if (name) takes(name, [identity])
    const system = await site.directory.callerFor(site.people.administrator!)
    const objects = await Array.fromAsync(site.admin.invoke({ ...system, kind: 'system' }, list, { ...page.with, ...asked[page.key] }))
    const [first] = objects as Record<string, unknown>[]
    const empty = page.columns.filter((column) => objects.every((one) => isEmpty((one as Record<string, unknown>)[column])))
    if (empty.length > 0 && !passing.includes(page.key)) findings.push(`${page.key}: nothing is in ${empty.join(', ')}`)
    if (first) {
      const missing = page.columns.filter((column) => !(column in first))
      if (missing.length > 0)
        findings.push(`${page.key}: ${list} gives no ${missing.join(', ')}; it gives ${Object.keys(first).join(', ')}`)
      if ([edit, remove, ...actions].some(Boolean) && identity !== '' && !((page.identity ?? 'Identity') in first))
        findings.push(`${page.key}: no ${page.identity ?? 'Identity'}`)
    }
  }
  assert.deepEqual(findings, [])
})

test('what is shown as command is quoted so that the shell reads the same', () => {
  const description = { name: 'Set-X', summary: '', changes: true, roles: [], parameters: [{ name: 'On', type: 'switch' }, { name: 'Secret', type: 'secureString' }] } // prettier-ignore
  const text = (parameters: Record<string, unknown>) => commandText('Set-X', parameters, description)
  assert.equal(text({ Identity: "O'Brien’s", On: true }), "Set-X -Identity 'O''Brien’’s' -On")
  assert.equal(text({ On: false, Flag: false, Size: 5, Nothing: null }), 'Set-X -On:$false -Flag $false -Size 5 -Nothing $null')
  assert.equal(text({ List: ['a', 'b c', '$(x)'], Change: { Add: ['a'] } }), "Set-X -List a,'b c','$(x)' -Change @{Add='a'}")
  assert.equal(text({ Secret: 'never shown' }), "Set-X -Secret (Read-Host 'Secret' -AsSecureString)")
})
