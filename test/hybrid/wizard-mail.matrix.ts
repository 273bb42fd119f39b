import assert from 'node:assert/strict'
import { test } from 'node:test'
import { removeHybrid } from '#hybrid'
import { fieldsNamed, inboxOf, letter, startPremises } from '../mail/premises.ts'
import { engines, quickEngines } from '../support/engines.ts'
import { connectSites, plan, sideOf } from '../support/hybrid-sites.ts'

for (const engine of quickEngines) {
  test(`${engine.name}: mail goes between the premises as the wizard routes it, and is internal there; removed, it is not`, async () => {
    await using premises = await startPremises(engine, { connectors: false })
    const { onPremises, online } = premises
    await connectSites(premises)
    await premises.submit(onPremises, 'mary@contoso.com', ['joe@contoso.com'], letter('mary@contoso.com', 'joe@contoso.com', 'there'))
    await premises.submit(online, 'joe@contoso.com', ['mary@contoso.com'], letter('joe@contoso.com', 'mary@contoso.com', 'back'))
    await premises.settle()
    for (const [site, address, subject] of [
      [online, 'joe@contoso.online.example', 'there'],
      [onPremises, 'mary@contoso.com', 'back'],
    ] as const) {
      const [message = ''] = (await inboxOf(site, address)).filter((one) => one.includes(`Subject: ${subject}`))
      assert.deepEqual(
        fieldsNamed(message, 'X-MS-Exchange-Organization-AuthAs'),
        ['X-MS-Exchange-Organization-AuthAs: Internal'],
        message.slice(0, 2000),
      )
    }

    const sides = { plan, onPremises: sideOf(onPremises, 'on-premises'), online: sideOf(online, 'online') }
    const receive = () => sides.onPremises.invoke('Get-ReceiveConnector', {})
    assert.match(JSON.stringify(await receive()), /outlook\.online\.example:AcceptCloudServicesMail/)
    await removeHybrid({ ...sides, publish: async () => undefined })
    assert.doesNotMatch(JSON.stringify(await receive()), /AcceptCloudServicesMail/)
    for (const noun of ['SendConnector', 'InboundConnector', 'OutboundConnector', 'OnPremisesOrganization', 'RemoteDomain']) {
      for (const side of [sides.onPremises, sides.online]) {
        const left = (await side.invoke(`Get-${noun}`, {})).filter(({ Name }) => /online|premises|Hybrid/i.test(String(Name)))
        assert.deepEqual(left, [], `${side.name} ${noun}`)
      }
    }
  })
}

test('a Receive connector that is there keeps what it believes, and believes the online service too', async () => {
  await using premises = await startPremises(engines[0]!, { connectors: false })
  const side = sideOf(premises.onPremises, 'on-premises')
  await side.invoke('New-ReceiveConnector', { Name: 'Mine', TlsDomainCapabilities: ['mail.partner.example:AcceptOorgProtocol'] })
  await connectSites(premises)
  const [connector, ...more] = await side.invoke('Get-ReceiveConnector', {})
  assert.deepEqual(more, [])
  assert.deepEqual(connector?.TlsDomainCapabilities, [
    'mail.partner.example:AcceptOorgProtocol',
    'outlook.online.example:AcceptCloudServicesMail',
  ])
  assert.deepEqual(await connectSites(premises), [])
})
