import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createShares } from '#access'
import { systemCaller } from '#model'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { desk, refusal } from './desk.ts'

const run = async (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
const subscribe =
  '<m:Subscribe><m:PullSubscriptionRequest SubscribeToAllFolders="true"><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes><t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>'
const findInbox =
  '<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds><t:DistinguishedFolderId Id="drafts"/></m:ParentFolderIds></m:FindItem>'
const create =
  '<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:Message><t:Subject>one</t:Subject></t:Message><t:Message><t:Subject>two</t:Subject></t:Message><t:Message><t:Subject>three</t:Subject></t:Message></m:Items></m:CreateItem>'

for (const engine of quickEngines) {
  test(`a policy is given to somebody and taken back; the one for everybody stays (${engine.name})`, async () => {
    await using site = await desk(engine)
    const [everybody] = await site.run('Get-ThrottlingPolicy')
    assert.deepEqual(
      [everybody?.Name, everybody?.ThrottlingPolicyScope, everybody?.EwsMaxConcurrency, everybody?.ImapMaxConcurrency],
      ['GlobalThrottlingPolicy', 'Global', 27, 'Unlimited'],
    )
    await site.run('New-ThrottlingPolicy Slow -EwsMaxConcurrency 1 -EwsMaxSubscriptions 0')
    await site.run('Set-ThrottlingPolicy Slow -EwsMaxSubscriptions Unlimited -EwsFindCountLimit 10')
    const [slow] = await site.run('Get-ThrottlingPolicy slow')
    assert.deepEqual([slow?.EwsMaxConcurrency, slow?.EwsMaxSubscriptions, slow?.EwsFindCountLimit], [1, 'Unlimited', 10])
    const policyOf = async (who: string) => (await site.run(`Get-ThrottlingPolicyAssociation ${who}`))[0]?.ThrottlingPolicyId
    assert.equal(await policyOf('mary'), '')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow')
    await site.run('Set-ThrottlingPolicy Slow -Name Slower')
    assert.equal(await policyOf('mary@contoso.com'), 'Slower')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy GlobalThrottlingPolicy')
    assert.equal(await policyOf('mary'), 'GlobalThrottlingPolicy')
    await site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy $null')
    assert.equal(await policyOf('mary'), '')
    await assert.rejects(
      site.run('Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy None'),
      refusal('ObjectNotFound', /ThrottlingPolicy 'None'/),
    )
    await assert.rejects(site.run('Remove-ThrottlingPolicy GlobalThrottlingPolicy'), refusal('InvalidConfiguration', /from the start/))
    await assert.rejects(site.run('Set-ThrottlingPolicy Slower -EwsMaxConcurrency -1'), refusal('InvalidParameter', /-EwsMaxConcurrency/))
    await site.run('Set-ThrottlingPolicy Slower -EasMaxConcurrency 5')
    assert.match(site.warnings.at(-1) ?? '', /-EasMaxConcurrency: kept and shown/)
    await site.run('Remove-ThrottlingPolicy Slower')
  })

  test(`subscriptions and the items of one answer are bounded by the policy, for whom it holds (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    await using site = await startTestSite({ engine, outside: { clock: () => clock.now } })
    await run(site, 'New-ThrottlingPolicy Slow -EwsMaxSubscriptions 1 -EwsFindCountLimit 2')
    await run(site, 'Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy Slow')
    for (const user of ['mary', 'rob']) await site.ews(create, { user })
    const found = async (user: string) => (await site.ews(findInbox, { user })).body.match(/<t:ItemId /g)?.length
    assert.deepEqual([await found('mary'), await found('rob')], [2, 3])
    const second = async (user: string) => {
      assert.match((await site.ews(subscribe, { user })).body, /NoError/)
      return /<m:ResponseCode>(\w+)</.exec((await site.ews(subscribe, { user })).body)?.[1]
    }
    assert.deepEqual([await second('mary'), await second('rob')], ['ErrorExceededSubscriptionCount', 'NoError'])
    // What holds for everybody, some seconds later.
    await run(site, 'Set-ThrottlingPolicyAssociation mary -ThrottlingPolicy $null')
    await run(site, 'New-ThrottlingPolicy All -ThrottlingPolicyScope Organization -EwsFindCountLimit 1')
    clock.now += 6000
    assert.deepEqual([await found('mary'), await found('rob')], [1, 1])
  })
}

test('as many requests of one person are served at once as the policy says', async () => {
  const shares = createShares(27, 100)
  const caller = { ...systemCaller('o'), recipient: 'mary' }
  const running: string[] = []
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>())
  const all = gates.map((gate, n) =>
    shares.run(
      caller,
      async () => {
        running.push(`starts ${n}`)
        await gate.promise
        running.push(`ends ${n}`)
      },
      2,
    ),
  )
  gates[2]!.resolve()
  gates[0]!.resolve()
  await all[0]
  gates[1]!.resolve()
  await Promise.all(all)
  assert.deepEqual(running.slice(0, 3), ['starts 0', 'starts 1', 'ends 0'])
})
