import assert from 'node:assert/strict'
import { test } from 'node:test'
import { otherServer } from '../mail/other-server.ts'
import { engines, quickEngines } from '../support/engines.ts'
import { refusal } from './desk.ts'
import { flowDesk, hop } from './flow-desk.ts'

const closedPort = 1
const minute = 60_000

for (const engine of quickEngines) {
  test(`queues show where mail waits and why, and a retry sends it (${engine.name})`, async () => {
    await using opened = await engine.use()
    const routes = [hop(closedPort, 'fabrikam.example')]
    await using flow = await flowDesk(opened.store, { routes })
    await flow.submit('out', 'a@fabrikam.example', 'rob@contoso.com')
    await flow.submit('out again', 'a@fabrikam.example')
    const columns = async (line: string) =>
      (await flow.run(line)).map((one) => [one.Identity, one.DeliveryType, one.Status, one.MessageCount, one.NextHopDomain])
    assert.deepEqual(await columns('Get-Queue'), [['MAIL\\Submission', 'Undefined', 'Ready', 2, 'Submission']])
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('rob@contoso.com'), ['out'])
    assert.deepEqual(await columns('Get-Queue'), [['MAIL\\fabrikam.example', 'SmartHostConnectorDelivery', 'Retry', 2, 'fabrikam.example']])
    const [queue] = await flow.run('Get-Queue mail\\FABRIKAM.example')
    assert.match(String(queue?.LastError), /^4\.4\.1 /)
    assert.deepEqual(queue?.NextRetryTime, new Date(flow.site.now.at + minute))
    assert.equal(queue?.NextHopConnector, 'Out')
    assert.deepEqual(await columns('Get-Queue -Filter "Status -eq \'Retry\' -and MessageCount -gt 2"'), [])
    assert.equal((await columns("Get-Queue -Filter \"NextHopDomain -like 'fab*' -and -not (Status -eq 'Ready')\"")).length, 1)
    await using other = await otherServer()
    routes[0]!.port = other.port
    await flow.run('Retry-Queue -Filter "Status -eq \'Retry\'"')
    await flow.site.transport.runDue()
    assert.equal(other.taken.length, 2)
    assert.deepEqual(await flow.run('Get-Queue'), [])
    await assert.rejects(flow.run('Get-Queue fabrikam.example'), refusal('ObjectNotFound', /no queue 'fabrikam.example'/))
    await assert.rejects(flow.run('Get-Queue OTHER\\Submission'), refusal('ObjectNotFound'))
  })

  test(`a suspended queue keeps its mail over a restart, takes more in, and lets it go when it is resumed (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using other = await otherServer()
    const routes = [hop(other.port, 'fabrikam.example', 'other.example')]
    await using flow = await flowDesk(opened.store, { routes })
    await flow.run('Suspend-Queue fabrikam.example')
    await flow.submit('first', 'a@fabrikam.example', 'b@other.example', 'rob@contoso.com')
    await flow.site.transport.runDue()
    assert.deepEqual(other.taken.map((one) => one.to), [['b@other.example']]) // prettier-ignore
    assert.deepEqual(flow.site.subjects('rob@contoso.com'), ['first'])
    const another = flow.site.another({ routes, node: 'another' })
    flow.site.now.at += 10 * minute
    await flow.submit('second', 'a@fabrikam.example')
    await another.runDue()
    await another.close(100)
    assert.equal(other.taken.length, 1)
    const [queue] = await flow.run('Get-Queue')
    assert.deepEqual([queue?.Identity, queue?.Status, queue?.MessageCount], ['MAIL\\fabrikam.example', 'Suspended', 2])
    await flow.run('Retry-Queue fabrikam.example')
    await flow.site.transport.runDue()
    assert.equal(other.taken.length, 1)
    await flow.invoke('Resume-Queue', { Identity: queue?.Identity })
    await flow.site.transport.runDue()
    assert.deepEqual(other.taken.slice(1).map((one) => one.to), [['a@fabrikam.example'], ['a@fabrikam.example']]) // prettier-ignore
    assert.deepEqual(await flow.run('Get-Queue'), [])
  })

  test(`mail for mailboxes and mail whose way is not found yet can be suspended too (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store)
    await flow.run('Suspend-Queue MAIL\\Local')
    assert.match(await flow.receive('held', 'rob@contoso.com'), /^250/)
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('rob@contoso.com'), [])
    await flow.run('Suspend-Queue MAIL\\Submission')
    await flow.receive('behind it', 'rob@contoso.com')
    await flow.run('Resume-Queue MAIL\\Local')
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('rob@contoso.com'), ['held'])
    assert.deepEqual((await flow.run('Get-Queue')).map((one) => [one.Identity, one.Status]), [['MAIL\\Submission', 'Suspended']]) // prettier-ignore
    await flow.run('Resume-Queue -Filter "Status -eq \'Suspended\'"')
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('rob@contoso.com'), ['held', 'behind it'])
  })

  test(`-Resubmit finds the way of mail anew (${engine.name})`, async () => {
    await using opened = await engine.use()
    await using flow = await flowDesk(opened.store, { routes: [hop(closedPort, 'sales.example')] })
    await flow.submit('moved', 'rob@sales.example')
    await flow.site.transport.runDue()
    await flow.run('New-AcceptedDomain -DomainName sales.example')
    await flow.site.add({ kind: 'UserMailbox', alias: 'robin', address: 'rob@sales.example' })
    await flow.run('Retry-Queue sales.example -Resubmit $true')
    await flow.site.transport.runDue()
    assert.deepEqual(flow.site.subjects('rob@sales.example'), ['moved'])
    await assert.rejects(flow.run('Retry-Queue'), refusal('InvalidParameter', /-Identity or -Filter/))
  })
}

test('a filter that cannot be read is refused by what is wrong in it', async () => {
  await using opened = await engines[0]!.use()
  await using flow = await flowDesk(opened.store)
  const filtered = (Filter: string) => flow.invoke('Get-Queue', { Filter })
  for (const [filter, why] of [
    ["Nothing -eq 'x'", /no property 'Nothing' to filter by; there are Identity/],
    ['Status', /a comparison .* is missing at the end/],
    ["Status -is 'x'", /'-is' stands where a comparison/],
    ['Status -eq', /a value is missing/],
    ["(Status -eq 'x'", /'\(' is not closed/],
    ["Status -eq 'x')", /'\)' stands where/],
    ["Status -eq 'x", /the quote is not closed/],
    ['', /a property is missing/],
    [`${'('.repeat(500)}Status -eq 1`, /within each other/],
    [`Status -eq '${'x'.repeat(10_000)}'`, /more than 10000 characters/],
  ] as const)
    await assert.rejects(filtered(filter), refusal('InvalidParameter', why), filter)
})
