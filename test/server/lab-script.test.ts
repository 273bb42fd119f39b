import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { readConfig, startSite } from '#server'
import { configureLab } from '../../src/server/lab/configure-lab.ts'
import { refusal } from '../admin/desk.ts'
import { engines, quickEngines, type TestEngine } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'

async function empty(engine: TestEngine) {
  const { path, databaseUrl, databaseSchema } = engine.name === 'sqlite' ? {} : await engine.options()
  const result = readConfig({
    organisation: { name: 'Contoso', domain: 'contoso.com' },
    ...(path ? { data: path } : {}),
    ...(databaseUrl ? { database: databaseUrl } : {}),
    ...(databaseSchema ? { databaseSchema } : {}),
    listeners: { https: { port: 0 } },
    passwordCost: { memory: 64, passes: 1 },
    log: { level: 'silent' },
  })
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return startSite(result.config)
}

for (const engine of quickEngines) {
  test(`the lab is one script of cmdlets: people, groups, rooms, rights (${engine.name})`, async () => {
    await using site = await empty(engine)
    const at = { admin: site.admin, organisation: site.organisation.id, password: 'Isthmus!2026' }
    await configureLab({ ...at, part: 'onprem' })
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    const names = async (line: string) => (await run(line)).map(({ Name }) => Name)
    assert.deepEqual(await names('Get-Mailbox | Sort-Object Name'), [
      'Administrator',
      'Ann Beebe',
      'Contoso Sales',
      'Mary Jensen',
      'Rob Young',
      'Room 1 (Berlin)',
      'Room 2 (Berlin)',
    ])
    const [mary] = await run('Get-User mary | Select-Object Title, Department, Office, Phone, MobilePhone, Manager')
    assert.deepEqual(mary, {
      Title: 'Head of Projects',
      Department: 'Projects',
      Office: 'Building 1, 214',
      Phone: '+49 30 555 0101',
      MobilePhone: '+49 171 555 0101',
      Manager: 'Administrator',
    })
    assert.deepEqual(await names("Get-DistributionGroupMember 'All Staff' | Sort-Object Name"), [
      'Administrator',
      'Ann Beebe',
      'Mary Jensen',
      'Rob Young',
    ])
    const [calendar] = await run("Get-MailboxFolderPermission mary:\\Calendar | ? User -like 'Ann*'")
    assert.deepEqual(calendar?.AccessRights, ['Editor'])
    assert.deepEqual(await names('Get-RoleGroupMember "Organization Management"'), ['Administrator'])
    assert.deepEqual((await run('(Get-MailboxFolder mary:\\Projects -GetChildren).Name')) as unknown, ['Atlas', 'Borealis'])
    const administrator = await site.directory.find('administrator', site.organisation.id)
    assert.equal(await site.directory.checkPassword(administrator, 'Isthmus!2026'), true)
    // Nothing is made twice: the script stops at what is there.
    await assert.rejects(configureLab({ ...at, part: 'onprem' }), refusal('NameTaken'))
  })
}

test('the premises are joined by the same script', async () => {
  await using site = await empty(engines[0]!)
  const shown: number[] = []
  await configureLab({
    ...{ admin: site.admin, organisation: site.organisation.id, password: '', part: 'hybrid' },
    progress: (percent) => void shown.push(percent),
    joinPremises: async (progress) => {
      progress(1, 2)
      progress(2, 2)
    },
  })
  assert.deepEqual(shown, [50, 100])
})
