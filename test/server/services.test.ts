import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { refusal } from '../admin/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

type Bag = Record<string, unknown>

async function invoke(site: TestSite, name: string, args: Bag = {}): Promise<Bag[]> {
  return (await Array.fromAsync(site.admin.invoke(systemCaller(site.organisation.id), name, args))) as Bag[]
}

const statusOf = async (site: TestSite) => Object.fromEntries((await invoke(site, 'Get-Service')).map((one) => [one.Name, one.Status]))

function answersAt(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy()).once('error', () => resolve(false))
    socket.once('close', (failed) => resolve(!failed))
  })
}

const inboxOf = '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>' // prettier-ignore

for (const engine of quickEngines) {
  test(`every service stops and starts alone, and the cmdlets still answer (source R1, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const names = (await invoke(site, 'Get-Service')).map(({ Name }) => Name)
    assert.deepEqual(names.toSorted(), [
      'IsthmusSignIn',
      'MSExchangeAutodiscoverAppPool',
      'MSExchangeFrontEndTransport',
      'MSExchangePowerShellAppPool',
      'MSExchangeServiceHost',
      'MSExchangeServicesAppPool',
      'MSExchangeSubmission',
      'MSExchangeTransport',
      'W3SVC',
    ])
    const ports = { ...site.ports }
    for (const role of await invoke(site, 'Test-ServiceHealth')) {
      for (const Name of role.ServicesRunning as string[]) await invoke(site, 'Stop-Service', { Name, Force: true })
    }
    assert.ok(Object.values(await statusOf(site)).every((status) => status === 'Stopped'))
    for (const port of Object.values(ports)) assert.equal(await answersAt(port), false, `port ${port}`)
    const health = await invoke(site, 'Test-ServiceHealth')
    assert.ok(health.length >= 3)
    for (const role of health) {
      assert.equal(role.RequiredServicesRunning, false)
      assert.deepEqual(role.ServicesRunning, [])
      assert.ok((role.ServicesNotRunning as string[]).length > 0)
    }
    const [report] = (await invoke(site, 'Get-HealthReport')).filter(({ HealthSet }) => HealthSet === 'Services')
    assert.equal(report?.AlertValue, 'Unhealthy')
    assert.match(String(report?.Message), /W3SVC/)
    for (const Name of names) await invoke(site, 'Start-Service', { Name })
    assert.deepEqual(site.ports, ports, 'ports open where they were')
    for (const port of Object.values(ports)) assert.equal(await answersAt(port), true)
    assert.equal((await site.ews(inboxOf)).status, 200)
    assert.ok((await invoke(site, 'Test-ServiceHealth')).every(({ RequiredServicesRunning }) => RequiredServicesRunning))
  })

  test(`a stopped queue takes mail and keeps it until it is started again (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await invoke(site, 'Stop-Service', { Name: 'MSExchangeTransport' })
    const message = Buffer.from('From: mary@contoso.com\r\nTo: rob@contoso.com\r\nSubject: waits\r\n\r\nHello\r\n')
    await site.transport.accept(
      message,
      { sender: 'mary@contoso.com', recipients: [{ address: 'rob@contoso.com' }] },
      await site.caller('mary'),
      {
        kind: 'submission',
        protocol: 'ESMTPSA',
        helo: 'test',
        address: '127.0.0.1',
      },
    )
    const waiting = async () => (await site.store.read((tx) => tx.queue.counts())).reduce((sum, one) => sum + one.waiting, 0)
    assert.equal(await waiting(), 1)
    await invoke(site, 'Start-Service', { Name: 'MSExchangeTransport' })
    // The queue tells of every change; the last one empties it.
    for await (const _ of site.store.watch(site.people.rob!.mailbox, AbortSignal.timeout(20_000))) {
      const inbox = await site.mailboxes.getFolder(systemCaller(site.organisation.id), { mailbox: site.people.rob!.mailbox, kind: 'inbox' })
      if (inbox.row.total === 1) break
    }
  })
}

test('a protocol that is stopped says so, and the others go on', async () => {
  await using site = await startTestSite()
  await invoke(site, 'Stop-Service', { Name: 'MSExchangeServicesAppPool' })
  const answer = await site.ews(inboxOf)
  assert.equal(answer.status, 503)
  assert.match(answer.body, /ErrorServerBusy/)
  assert.match(answer.body, /MSExchangeServicesAppPool/)
  assert.equal((await site.call('/healthz')).status, 200)
  await invoke(site, 'Start-Service', { Name: 'MSExchangeServicesAppPool' })
  assert.equal((await site.ews(inboxOf)).status, 200)
})

test('what others depend on stops with -Force alone; starting brings up what is needed', async () => {
  await using site = await startTestSite()
  await assert.rejects(
    invoke(site, 'Stop-Service', { Name: 'W3SVC' }),
    refusal('InvalidConfiguration', /MSExchangeServicesAppPool.*-Force/),
  )
  assert.equal((await statusOf(site)).W3SVC, 'Running')
  await invoke(site, 'Stop-Service', { Name: 'W3SVC', Force: true })
  assert.equal((await statusOf(site)).MSExchangeServicesAppPool, 'Stopped')
  const [started] = await invoke(site, 'Start-Service', { Name: 'MSExchangeServicesAppPool', PassThru: true })
  assert.equal(started?.Status, 'Running')
  assert.equal((await statusOf(site)).W3SVC, 'Running')
  await invoke(site, 'Restart-Service', { Name: 'W3SVC', Force: true })
  assert.ok(
    Object.entries(await statusOf(site)).every(
      ([name, status]) => status === 'Running' || /^(MSExchange(Autodiscover|PowerShell)AppPool|IsthmusSignIn)$/.test(name),
    ),
  )
  assert.equal((await site.ews(inboxOf)).status, 200)
})

test('a port that somebody took meanwhile: the service says why it does not start, and stays stopped', async () => {
  await using site = await startTestSite()
  await using other = await startTestSite()
  await invoke(site, 'Stop-Service', { Name: 'MSExchangeFrontEndTransport' })
  const { createServer } = await import('node:net')
  const thief = createServer().listen(site.ports.smtp, '127.0.0.1')
  await new Promise((resolve) => thief.once('listening', resolve))
  try {
    await assert.rejects(invoke(site, 'Start-Service', { Name: 'MSExchangeFrontEndTransport' }), refusal('ServiceUnavailable', /in use/))
    assert.equal((await statusOf(site)).MSExchangeFrontEndTransport, 'Stopped')
  } finally {
    await new Promise((resolve) => thief.close(resolve))
  }
  await invoke(site, 'Start-Service', { Name: 'MSExchangeFrontEndTransport' })
  assert.equal(await answersAt(site.ports.smtp!), true)
  assert.equal((await statusOf(other)).MSExchangeFrontEndTransport, 'Running')
})

test('two administrators who start and stop at once end with one of the two', async () => {
  await using site = await startTestSite()
  const deeds = Array.from({ length: 12 }, (_, index) =>
    invoke(site, index % 2 ? 'Start-Service' : 'Stop-Service', { Name: 'MSExchangeSubmission' }),
  )
  await Promise.all(deeds)
  assert.equal((await statusOf(site)).MSExchangeSubmission, 'Running')
  assert.equal(await answersAt(site.ports.submission!), true)
})

test('a service that is not there: the refusal names those that are', async () => {
  await using site = await startTestSite()
  await assert.rejects(invoke(site, 'Stop-Service', { Name: 'MSExchangeUM' }), refusal('ObjectNotFound', /MSExchangeUM.*W3SVC/))
  assert.deepEqual(await invoke(site, 'Get-Service', { Name: 'MSExchangeUM*' }), [])
})

test('the services of a site are not for the administrators of its other tenants', async () => {
  await using site = await startTestSite({ config: { organisations: [{ name: 'Fabrikam', domain: 'fabrikam.example' }] } })
  const tenant = site.tenants[0]!
  const boss = await site.directory.create(tenant.id, {
    kind: 'UserMailbox',
    alias: 'boss',
    displayName: 'Boss',
  })
  await site.roles.give(tenant.id, boss.id, ['Organization Management'])
  const signedIn = { by: 'token', secondFactor: true, at: Date.now() } as const
  const caller = { ...(await site.directory.callerFor(boss)), signedIn }
  for (const name of ['Get-Service', 'Test-ServiceHealth', 'Test-Supportability', 'Get-HealthReport', 'Get-ServerHealth']) {
    await assert.rejects(Array.fromAsync(site.admin.invoke(caller, name, {})), refusal('AccessDenied'), name)
  }
  await assert.rejects(Array.fromAsync(site.admin.invoke(caller, 'Stop-Service', { Name: 'W3SVC', Force: true })), refusal('AccessDenied'))
  assert.equal((await statusOf(site)).W3SVC, 'Running')
})
