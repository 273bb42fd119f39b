import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LookupTrace } from '#hybrid'
import { folderFor, run } from '../support/command-line.ts'

const mary = 'mary@contoso.com'
const joe = 'joe@contoso.online.example'

/** Commands against the sites of one lab. */
function commands(t: TestContext, data: string) {
  const asked = async (...words: string[]) => {
    const { code, printed } = await run(t, ...words, '--data', data).ended
    return { code, printed }
  }
  return {
    asked,
    trace: (...more: string[]) => asked('trace', 'freebusy', '--from', mary, '--to', joe, ...more),
    wizard: (verb: string, ...more: string[]) => asked('hybrid', verb, ...more),
    cmdlet: (line: string, ...more: string[]) => asked('run', line, ...more),
  }
}

test('a lab joins its premises, shows a lookup each way, and is administered while it runs', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const lab = run(t, 'lab', '--data', data, '--port-base', '0')
  await lab.ready(/mary@contoso\.com asks for joe@contoso\.online\.example.*joe@contoso\.com asks for mary@contoso\.com.*DetailedMerged/s)
  const { asked, trace, wizard, cmdlet } = commands(t, data)

  const first = await trace()
  assert.equal(first.code, 0, first.printed)
  assert.match(first.printed, /IntraOrganizationConnector/)
  const json = JSON.parse((await trace('--json')).printed) as LookupTrace
  assert.deepEqual([json.branches.map((one) => one.generation), json.outcomes.map(({ code }) => code)], [['OAuth'], ['NoError']])
  const back = await asked('trace', 'freebusy', '--from', 'joe@contoso.com', '--to', mary, '--site', 'online')
  assert.equal(back.code, 0, back.printed)

  assert.match((await wizard('setup')).printed, /Everything is as it should be/)
  assert.equal((await cmdlet('Set-IntraOrganizationConnector HybridIOC -Enabled $false')).code, 0)
  const older = await trace()
  assert.equal(older.code, 0, older.printed)
  assert.match(older.printed, /disabled/)
  assert.match((await trace('--json')).printed, /"generation": "DAuth"/)

  const dry = await wizard('setup', '--dry-run')
  assert.match(dry.printed, /Set-IntraOrganizationConnector.*\n.*1 changes would be made/s)
  assert.match((await trace('--json')).printed, /"generation": "DAuth"/)
  assert.match((await wizard('setup')).printed, /1 changes made/)
  assert.match((await trace('--json')).printed, /"generation": "OAuth"/)

  assert.equal((await wizard('remove')).code, 0)
  const alone = await trace()
  assert.equal(alone.code, 1, alone.printed)
  assert.equal((await wizard('setup')).code, 0)
  assert.equal((await trace()).code, 0)
  assert.equal((await wizard('remove')).code, 0)
  assert.match((await wizard('remove')).printed, /Everything is as it should be/)

  const wrong = await cmdlet('Get-Nothing')
  assert.deepEqual([wrong.code, /Get-Nothing/.test(wrong.printed)], [1, true], wrong.printed)
  lab.child.kill('SIGTERM')
  assert.equal((await lab.ended).code, 0)
  assert.match((await trace()).printed, /No site runs with the data in/)
})

test('the sites of a lab run in processes of their own, joined by the wizard', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const one = (site: string) => run(t, 'lab', '--data', data, '--port-base', '0', '--only', site)
  const early = await one('auth').ended
  assert.match(early.printed, /The online site has not run yet\.\n {2}Start it first/)
  const sites = []
  for (const site of ['online', 'auth', 'onprem']) {
    const started = one(site)
    await started.ready(/Stop with Ctrl-C/)
    sites.push(started)
  }
  const { asked, trace, wizard } = commands(t, data)
  assert.equal((await trace()).code, 1)
  const joined = await wizard('setup')
  assert.equal(joined.code, 0, joined.printed)
  const there = await trace()
  assert.equal(there.code, 0, there.printed)
  const back = await asked('trace', 'freebusy', '--from', 'joe@contoso.com', '--to', mary, '--site', 'online')
  assert.equal(back.code, 0, back.printed)
  for (const site of sites) {
    site.child.kill('SIGTERM')
    assert.equal((await site.ended).code, 0)
  }
})
