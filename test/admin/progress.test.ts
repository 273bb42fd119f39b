/** How far long work is: over the REST stream, and as the bar of `isthmus shell`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgressRecord } from '#admin'
import { Refusal } from '#model'
import { overSocket } from '../../src/server/commands/admin-send.ts'
import { remoteHost } from '../../src/server/commands/remote-host.ts'
import { progressLine } from '../../src/server/commands/shell/progress-bar.ts'
import { shellAt } from '../../src/server/commands/shell/shell.ts'
import { adminSocketAt } from '../../src/server/http/admin-socket-path.ts'
import { progressOf } from '../../src/admin/registry/progress.ts'
import { folderFor } from '../support/command-line.ts'
import { quickEngines } from '../support/engines.ts'
import { screenTerminal } from '../support/screen.ts'
import { startTestSite } from '../support/site.ts'
import { desk } from './desk.ts'
import { base, restDesk, thing, type RestDesk } from './rest-desk.ts'

async function streamed(site: RestDesk, CmdletName: string, Parameters: object = {}) {
  const body = { CmdletInput: { CmdletName, Parameters } }
  const { text, status } = await site.call(`${base}/InvokeCommand`, { headers: { accept: 'application/x-ndjson' }, body })
  assert.equal(status, 200, text)
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as { progress?: ProgressRecord; error?: { code: string } }) // prettier-ignore
}
const progressIn = (lines: { progress?: ProgressRecord }[]) => lines.flatMap(({ progress }) => progress ?? [])

/** A work of `count` parts, 10 ms each by the clock of the desk, which waits for its reader after each. */
const counting = (clock: { now: number }, followed: boolean[] = []) =>
  thing(async function* (count, context) {
    followed.push(context.followed)
    using progress = progressOf(context, 'Counting')
    for (let at = 1; at <= Math.abs(count); at++) {
      clock.now += 10
      progress.part(at / Math.abs(count), () => `thing ${at}`)
      yield { Name: `Thing ${at}` }
    }
    if (count < 0) throw new Refusal('NameTaken', 'Taken.')
  })

test('counted work is told ten times a second at most, with what is left of it, and its end, also when it fails', async () => {
  const clock = { now: 0 }
  const followed: boolean[] = []
  await using site = await desk(undefined, [counting(clock, followed)])
  Object.defineProperty(site.clock, 'now', { get: () => clock.now })
  const told = async (Count: number) => {
    const records: ProgressRecord[] = []
    const objects = Array.fromAsync(site.admin.invoke(site.system, 'Get-Thing', { Count }, { progress: (record) => void records.push(record) })) // prettier-ignore
    return { records, end: await objects.then(({ length }) => length, (error: Refusal) => error.code) } // prettier-ignore
  }
  const { records, end } = await told(400)
  assert.equal(end, 400)
  assert.equal(records.length, 41)
  assert.deepEqual(records[0], { activity: 'Counting', status: 'thing 10', percent: 2 })
  assert.deepEqual(records[19], { activity: 'Counting', status: 'thing 200', percent: 50, secondsRemaining: 2 })
  assert.deepEqual(records.at(-1), { activity: 'Counting', done: true })
  // What is done at once tells nothing; what fails ends its bar.
  assert.deepEqual(await told(9), { records: [], end: 9 })
  const failed = await told(-20)
  assert.deepEqual([failed.end, failed.records.at(-1)], ['NameTaken', { activity: 'Counting', done: true }])
  // Whoever leaves in the middle ends it too.
  const left: ProgressRecord[] = []
  let seen = 0
  for await (const _ of site.admin.invoke(site.system, 'Get-Thing', { Count: 100 }, { progress: (record) => void left.push(record) }))
    if (++seen === 30) break
  assert.deepEqual(left.at(-1), { activity: 'Counting', done: true })
  assert.deepEqual(await Array.fromAsync(site.admin.invoke(site.system, 'Get-Thing', { Count: 1 })), [{ Name: 'Thing 1' }])
  assert.deepEqual(followed, [true, true, true, true, false])
})

test('few steps are told at once; many are counted', async () => {
  const stepping = thing(async (count, context) => {
    using progress = progressOf(context, 'Stepping')
    for (let at = 1; at <= count; at++) progress.step({ status: `step ${at}` })
    return []
  })
  await using site = await desk(undefined, [stepping])
  for (const [Count, records] of [[13, 14], [5000, 21]] as const) {
    let told = 0
    await Array.fromAsync(site.admin.invoke(site.system, 'Get-Thing', { Count }, { progress: () => void told++ }))
    assert.equal(told, records)
  } // prettier-ignore
})

test('the stream carries progress to its end; nobody follows a page', async () => {
  const clock = { now: 0 }
  const followed: boolean[] = []
  await using site = await restDesk([counting(clock, followed)])
  Object.defineProperty(site.clock, 'now', { get: () => clock.now })
  const lines = await streamed(site, 'Get-Thing', { Count: 300 })
  const told = progressIn(lines)
  assert.ok(told.length >= 2 && told.length <= 31, JSON.stringify(told))
  assert.deepEqual(told.at(-1), { activity: 'Counting', done: true })
  assert.deepEqual(lines.at(-1), { done: true })
  const broken = await streamed(site, 'Get-Thing', { Count: -50 })
  assert.deepEqual(progressIn(broken).at(-1), { activity: 'Counting', done: true })
  assert.equal(broken.at(-1)?.error?.code, 'NameTaken')
  assert.equal((await site.invoke('Get-Thing', { Count: 3 })).status, 200)
  assert.deepEqual(followed, [true, true, false])
})

for (const engine of quickEngines) {
  test(`Search-AdminAuditLog tells how far back it is (${engine.name})`, async () => {
    await using site = await desk(engine)
    const day = 86_400_000
    const start = site.clock.now
    for (let at = 0; at < 50; at++) {
      site.clock.now = start + at * day
      await site.run(`New-RemoteDomain -Name 'd${at}' -DomainName d${at}.example`)
    }
    let now = start + 50 * day
    Object.defineProperty(site.clock, 'now', { get: () => (now += 30) })
    const records: ProgressRecord[] = []
    const search = (args: object) => Array.fromAsync(site.admin.invoke(site.system, 'Search-AdminAuditLog', { ...args }, { progress: (record) => void records.push(record) })) // prettier-ignore
    assert.equal((await search({ StartDate: new Date(start), Cmdlets: 'New-RemoteDomain' })).length, 50)
    const percents = records.slice(0, -1).map(({ percent }) => percent!)
    assert.ok(percents.length > 5 && percents.at(-1)! > 80, JSON.stringify(records))
    assert.deepEqual(
      percents,
      percents.toSorted((a, b) => a - b),
    )
    assert.match(records[0]?.status ?? '', /^back to 2030-0[12]-\d\dT09:00Z$/)
    assert.deepEqual(records.at(-1), { activity: 'Search-AdminAuditLog', done: true })
  })
}

test('isthmus shell shows a bar while a cmdlet of the site works, and takes it away', async (t) => {
  const data = await folderFor(t)
  await using site = await startTestSite({ config: { data } })
  const { terminal, output, error } = screenTerminal(t)
  const host = remoteHost({ send: overSocket(adminSocketAt(site.config.data!).path), organisation: 'default' })
  const { code } = await shellAt(host, terminal).runToTerminal('Get-HealthReport')
  assert.equal(code, 0)
  const bars = error.filter((one) => one.includes('Get-HealthReport: '))
  assert.ok(bars.length > 0, JSON.stringify(error))
  assert.match(bars.at(-1)!, /^\r\u001b\[K\[█+░*\] [ \d]{3} % Get-HealthReport: \w+$/)
  assert.equal(error.at(-1), '\r\u001b[K')
  assert.match(output.join(''), /Certificate/)
})

test('the bar says the time that is left', () => {
  const line = (secondsRemaining: number) => progressLine({ activity: 'Moving', percent: 50, secondsRemaining }, 100)
  assert.match(line(9), /^\[█{10}░{10}\]  50 % Moving \(9 s left\)$/)
  assert.match(line(75), /\(1:15 left\)$/)
  assert.match(line(3 * 3600 + 61), /\(3:01:01 left\)$/)
  assert.match(progressLine({ activity: 'Moving' }, 100), /^Moving$/)
})
