import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmdlet, commonParameters, describe, parameter as take } from '#admin'
import { ByteSize, TimeSpan } from '#model'
import { hasView } from '../../src/admin/registry/views.ts'
import { startTestSite } from '../support/site.ts'
import { desk, refusal } from './desk.ts'

const hour = 3_600_000
const measure = cmdlet('Measure-Thing', {
  summary: 'Takes values within bounds.',
  roles: ['Recipient Policies'],
  parameters: {
    Days: take.optional(take.within(take.number(), 1, 62), { aliases: ['D', 'Tage'], fallback: 7 }),
    Quota: take.optional(take.within(take.bytes(), new ByteSize(1024), new ByteSize(2 ** 30))),
    Age: take.optional(take.within(take.timeSpan(), new TimeSpan(hour))),
    Limit: take.optional(take.within(take.count(), undefined, 100)),
    Sizes: take.optional(take.list(take.within(take.number(), 0, 9))),
    Kind: take.optional(take.oneOf(['Big', 'Small']), { summary: 'How large it is.' }),
  },
  returns: 'Mailbox',
  examples: [{ command: 'Measure-Thing -Days 3', says: 'Three days.' }],
  run: async (args) => args,
})

test('values out of bounds are refused with the bounds; at the bounds they are taken', async () => {
  await using site = await desk(undefined, [measure])
  const refused: [string, RegExp][] = [
    ['-Days 0', /-Days of Measure-Thing must be from 1 up to 62/],
    ['-Days 63', /from 1 up to 62/],
    ['-Quota 1023', /from 1 KB \(1,024 bytes\) up to 1 GB/],
    ['-Quota Unlimited', /up to 1 GB/],
    ['-Age 00:59:59', /from 01:00:00/],
    ['-Limit Unlimited', /up to 100/],
    ['-Sizes 1,10', /a list, each from 0 up to 9/],
  ]
  for (const [written, message] of refused) await assert.rejects(site.run(`Measure-Thing ${written}`), refusal('InvalidParameter', message))
  const [taken] = await site.run('Measure-Thing -Days 62 -Quota 1KB -Age 1:00:00 -Limit 100 -Sizes 0,9')
  assert.deepEqual(taken, { Days: 62, Quota: new ByteSize(1024), Age: new TimeSpan(hour), Limit: 100, Sizes: [0, 9] })
})

test('a parameter goes by its aliases, and common ones by theirs', async () => {
  await using site = await desk(undefined, [measure])
  assert.deepEqual(await site.run('Measure-Thing -tage 3 -ea Stop -wa SilentlyContinue -OutVariable x -vb'), [{ Days: 3 }])
  await assert.rejects(site.run('Measure-Thing -d 3 -Days 4'), refusal('InvalidParameter', /given twice/))
  const warnings = site.warnings.length
  await site.run('New-AuthServer -Name x -AuthMetadataUrl https://auth.contoso.com/metadata -wi')
  assert.match(site.warnings[warnings] ?? '', /^What if: New-AuthServer/)
})

test('a cmdlet is described with everything that binds, completes and helps', () => {
  const described = describe(measure)
  assert.deepEqual(described.columns, ['Name', 'Alias', 'ServerName', 'ProhibitSendQuota'])
  assert.deepEqual(described.examples, measure.examples)
  assert.deepEqual(described.parameters.slice(0, 2), [
    { name: 'Days', type: 'number', aliases: ['D', 'Tage'], range: { least: '1', most: '62' }, summary: 'How many days from today.', default: '7' },
    { name: 'Quota', type: 'bytes', range: { least: '1 KB (1,024 bytes)', most: '1 GB (1,073,741,824 bytes)' } },
  ]) // prettier-ignore
  assert.deepEqual(described.parameters.at(-1), { name: 'Kind', type: 'enum', values: ['Big', 'Small'], summary: 'How large it is.' })
  assert.ok(commonParameters.every(({ summary }) => summary))
})

test('of every kind of object it is said how it is shown', async (context) => {
  await using site = await startTestSite()
  const kinds = new Set(site.admin.cmdlets.flatMap(({ returns }) => returns ?? []))
  assert.deepEqual([...kinds].filter((kind) => !hasView(kind)), [], 'a row in src/admin/registry/views.ts is missing') // prettier-ignore
  const all = site.admin.cmdlets.flatMap((row) =>
    describe(row).parameters.map(({ name, summary }) => ({ at: `${row.name} -${name}`, summary })),
  )
  const silent = all.filter(({ summary }) => !summary).map(({ at }) => at)
  if (silent.length) context.diagnostic(`${silent.length} of ${all.length} parameters say nothing of themselves yet: ${silent.join(', ')}`)
  for (const { at, summary } of all) if (summary) assert.match(summary, /^[A-Z`].*[.…]$/, at)
})
