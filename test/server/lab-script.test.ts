import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { readConfig, startSite } from '#server'
import { administratorToken } from '../../src/server/lab/administrator-token.ts'
import { configureLab } from '../../src/server/lab/configure-lab.ts'
import { labPlan } from '../../src/server/lab/lab-sites.ts'
import { refusal } from '../admin/desk.ts'
import { askFreeBusy } from '../hybrid/ask.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { connectSites, startHybridSites } from '../support/hybrid-sites.ts'
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

for (const engine of quickEngines) {
  test(`the premises are joined by the same script, which finds nothing to do again (${engine.name})`, async () => {
    const administrator = { address: 'administrator@contoso.com', displayName: 'Administrator', kind: 'mailUser', externalAddress: 'administrator@contoso.com' } as const // prettier-ignore
    await using sites = await startHybridSites({ engine, people: { online: [administrator] } })
    const { onPremises, online } = sites
    const join = async (token: string, shown: number[] = []) =>
      configureLab({
        ...{ admin: onPremises.admin, organisation: onPremises.organisation.id, password: '', part: 'hybrid', token },
        progress: (percent) => void shown.push(percent),
      })
    const token = await administratorToken(online, online.organisation.id, administrator.address)
    await assert.rejects(join(token), refusal('AccessDenied', /Step \d+, .*: online, .*is for holders of/))
    for (let times = 0; times < 2; times++) {
      await configureLab({ admin: online.admin, organisation: online.organisation.id, password: '', part: 'administer' })
    }
    const shown: number[] = []
    await join(token, shown)
    assert.ok(shown.length > 10 && shown.at(-1) === 100)
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => a - b),
    )
    for (const [from, to] of [['mary', 'joe'], ['joe', 'mary']] as const) assert.equal((await askFreeBusy(sites, from, `${to}@contoso.com`)).code, 'NoError') // prettier-ignore
    const changed = async () => (await onPremises.store.read((tx) => tx.objects.list(onPremises.organisation.id, 'AdminAuditLog', '', 1000))).length // prettier-ignore
    const before = await changed()
    await join(token)
    assert.equal(await changed(), before + 1, 'the wizard itself is all that ran')
    assert.deepEqual(await connectSites(sites, { plan: labPlan, dry: true }), [], '`isthmus hybrid setup` has the same answers')
  })
}
