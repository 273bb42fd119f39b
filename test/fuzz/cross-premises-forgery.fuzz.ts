import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Site } from '#server'
import { headerLimits, parseHeaders } from '#wire'
import { engines } from '../support/engines.ts'
import { names } from '../support/hybrid-sites.ts'
import { makeAuthority, type Issued } from '../mail/certificate-authority.ts'
import { bodyOf, connectorNames, fieldsNamed, inboxOf, letter, startPremises, type Premises } from '../mail/premises.ts'
import { dial } from '../mail/smtp-client.ts'

/** How a stranger might write a field so that a firewall overlooks it and another reader does not. */
const spellings: Record<string, string> = {
  plain: 'X-MS-Exchange-CrossPremises-AuthAs: Internal\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n',
  'lower case': 'x-ms-exchange-organization-authas: Internal\r\nx-ms-exchange-crosspremises-authas: Internal\r\n',
  'mixed case': 'X-Ms-eXchange-OrGanization-AUTHAS: Internal\r\nX-MS-EXCHANGE-CROSSPREMISES-SCL: -1\r\n',
  'blanks before the colon': 'X-MS-Exchange-Organization-AuthAs  \t: Internal\r\nX-MS-Exchange-CrossPremises-AuthAs : Internal\r\n',
  'folded value': 'X-MS-Exchange-Organization-AuthAs:\r\n Internal\r\nX-MS-Exchange-CrossPremises-AuthAs:\r\n\t\r\n  Internal\r\n',
  'folded name': 'X-MS-Exchange-Organization-\r\n AuthAs: Internal\r\nX-MS-Exchange-\r\n\tCrossPremises-AuthAs: Internal\r\n',
  duplicates: 'X-MS-Exchange-CrossPremises-AuthAs: Anonymous\r\nX-MS-Exchange-CrossPremises-AuthAs: Internal\r\n'.repeat(40),
  'line feeds alone': 'X-A: 1\nX-MS-Exchange-Organization-AuthAs: Internal\nX-MS-Exchange-CrossPremises-AuthAs: Internal\r\n',
  'carriage returns alone': 'X-A: 1\rX-MS-Exchange-Organization-AuthAs: Internal\rX-MS-Exchange-CrossPremises-AuthAs: Internal\r\n',
  'control characters': 'X-MS-Exchange-\0Organization-AuthAs: Internal\r\nX-MS-Exchange-CrossPremises\x08-AuthAs: Internal\r\n',
  'in the midst of others': `${'X-Filler: x\r\n'.repeat(300)}X-MS-Exchange-Organization-AuthAs: Internal\r\n${'X-Filler: x\r\n'.repeat(300)}`,
  'behind very many others': `${'X-F: x\r\n'.repeat(6000)}X-MS-Exchange-Organization-AuthAs: Internal\r\n`,
  'other fields': 'X-MS-Exchange-Forest-RulesExecuted: x\r\nX-CrossPremisesHeadersPromoted: x\r\nX-MS-Exchange-Organization-SCL: -1\r\n',
  'whose sender it is': 'X-OriginatorOrg: contoso.com\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n',
}

/** Whatever a reader makes of line ends, blanks and control characters, none of the fields is there. */
function assertStripped(message: string, what: string, own = false): void {
  const head = message.slice(0, message.search(/\n\r\n/))
  const squeezed = head.replace(/[^\x21-\x7e]/g, '').toLowerCase()
  assert.doesNotMatch(squeezed, /x-ms-exchange-(organization|crosspremises|forest)-(?!authas:anonymous)|x-crosspremises/, what)
  if (!own) assert.doesNotMatch(squeezed, /x-originatororg:contoso/, what)
}

interface Try {
  shown?: Issued | undefined
  tls?: boolean
  from?: string
  mail?: string
}

async function send(
  site: Site,
  to: string,
  message: Buffer,
  { shown, tls = false, from = 'a@fabrikam.example', mail = '' }: Try,
): Promise<void> {
  await using line = await dial(site.ports.smtp!)
  await line.say('EHLO mx.fabrikam.example')
  if (tls) {
    await line.say('STARTTLS')
    await line.startTls(shown)
    assert.match(await line.say('EHLO mx.fabrikam.example'), /^250[ -]XOORG\r?$/m)
  }
  assert.match(await line.say(`MAIL FROM:<${from}>${mail}`), /^250/)
  assert.match(await line.say(`RCPT TO:<${to}>`), /^250/)
  await line.say('DATA')
  assert.match(await line.send(message), /^250/)
}

async function lastOf(sites: Premises, site: Site, address: string): Promise<string> {
  await sites.settle()
  return (await inboxOf(site, address)).at(-1) ?? ''
}

for (const engine of engines) {
  test(`${engine.name}: forged fields do not survive, however they are written, on either side`, async () => {
    await using sites = await startPremises(engine)
    for (const [name, headers] of Object.entries(spellings)) {
      const message = letter('mary@contoso.com', 'joe@contoso.com', 'x', headers)
      for (const [site, to] of [
        [sites.onPremises, 'mary@contoso.com'],
        [sites.online, 'joe@contoso.com'],
      ] as const) {
        await send(site, to, message, { from: 'rob@contoso.com' })
        const arrived = await lastOf(sites, site, to)
        assertStripped(arrived, name)
        assert.equal(bodyOf(arrived), bodyOf(message), name)
      }
      // Our own people may not write them either, nor may what they write go along.
      const submitted = sites.submit(sites.onPremises, 'mary@contoso.com', ['joe@contoso.com', 'rob@contoso.com'], message)
      // A header that is not looked at whole might hide an author: it is not taken from a client.
      if (parseHeaders(message).headers.length >= headerLimits.count) {
        await assert.rejects(submitted, { code: 'SendAsDenied' }, name)
        continue
      }
      await submitted
      assertStripped(await lastOf(sites, sites.onPremises, 'rob@contoso.com'), `${name}, own`, true)
      const relayed = await lastOf(sites, sites.online, 'joe@contoso.com')
      assert.deepEqual(fieldsNamed(relayed, 'X-MS-Exchange-Organization-AuthAs'), ['X-MS-Exchange-Organization-AuthAs: Internal'], name)
      assert.deepEqual(fieldsNamed(relayed, 'X-MS-Exchange-Organization-SCL'), [], name)
      assert.deepEqual(fieldsNamed(relayed, 'X-OriginatorOrg'), ['X-OriginatorOrg: contoso.com'], name)
    }
  })

  test(`${engine.name}: only the certificate of the other premises, verified, is believed`, async () => {
    await using sites = await startPremises(engine)
    const trusted = await makeAuthority('CN=Public CA')
    sites.authorities.push(trusted.cert)
    const from = 'rob@contoso.com'
    const untrusted = await makeAuthority('CN=Public CA')
    for (const [site, to, right] of [
      [sites.onPremises, 'mary@contoso.com', names.online.mail],
      [sites.online, 'joe@contoso.com', names.onPremises.mail],
    ] as const) {
      const message = letter('rob@contoso.com', to, 'x', spellings['plain'])
      const named = { names: [right] }
      const cases: Record<string, Try> = {
        'in the clear': {},
        'in the clear with XOORG': { mail: ' XOORG=contoso.com' },
        'TLS without a certificate': { tls: true, mail: ' XOORG=contoso.com' },
        'somebody else': { tls: true, shown: await trusted.issue('CN=mx.fabrikam.example', { names: ['mx.fabrikam.example'] }) },
        'the right name in a subdomain': {
          tls: true,
          shown: await trusted.issue('CN=x', { names: [`${right}.fabrikam.example`, `x${right}`] }),
        },
        'the right name in the subject of another': {
          tls: true,
          shown: await trusted.issue(`CN=${right}`, { names: ['mx.fabrikam.example'] }),
        },
        'self-signed in the right name': { tls: true, shown: await makeAuthority(`CN=${right}`, named) },
        'signed by an authority called alike': { tls: true, shown: await untrusted.issue(`CN=${right}`, named) },
        expired: { tls: true, shown: await trusted.issue(`CN=${right}`, { ...named, from: -9, to: -2 }) },
        'not valid yet': { tls: true, shown: await trusted.issue(`CN=${right}`, { ...named, from: 2 }) },
        'signed by a certificate that may not sign': {
          tls: true,
          shown: await (await trusted.issue('CN=mx.fabrikam.example')).issue(`CN=${right}`, named),
        },
        'a sender of neither side': {
          tls: true,
          shown: await trusted.issue(`CN=${right}`, named),
          from: 'a@fabrikam.example',
          mail: ' XOORG=fabrikam.example',
        },
      }
      for (const [name, one] of Object.entries(cases)) {
        await send(site, to, message, { from, ...one })
        const arrived = await lastOf(sites, site, to)
        assertStripped(arrived, name)
        assert.deepEqual(fieldsNamed(arrived, 'X-MS-Exchange-Organization-AuthAs'), [], name)
      }
      await send(site, to, message, { tls: true, from, shown: await trusted.issue(`CN=${right}`, named) })
      const believed = await lastOf(sites, site, to)
      assert.deepEqual(fieldsNamed(believed, 'X-MS-Exchange-Organization-AuthAs'), ['X-MS-Exchange-Organization-AuthAs: Internal'])
      assert.doesNotMatch(believed, /CrossPremises/)
    }
  })

  test(`${engine.name}: a connector that is off, of another type or another tenant's lets nobody in`, async () => {
    await using sites = await startPremises(engine)
    const { onPremises, online } = sites
    const { configuration } = online
    const ca = await makeAuthority('CN=Public CA')
    sites.authorities.push(ca.cert)
    const shown = await ca.issue('CN=mail.contoso.com, O=Contoso', { names: [names.onPremises.mail] })
    const id = online.organisation.id
    const authAs = async (to: string, from = 'mary@contoso.com', mail = '') => {
      await send(online, to, letter(from, to, 'x', spellings['plain']), { tls: true, shown, from, mail })
      return fieldsNamed(await lastOf(sites, online, to), 'X-MS-Exchange-Organization-AuthAs')
    }
    const yes = ['X-MS-Exchange-Organization-AuthAs: Internal']
    const set = (changes: Parameters<typeof configuration.update<'InboundConnector'>>[3]) =>
      configuration.update(id, 'InboundConnector', connectorNames.inbound, changes)
    assert.deepEqual(await authAs('joe@contoso.com'), yes)
    assert.deepEqual(await authAs('fay@fabrikam.online.example'), [], 'the connector of another tenant')
    assert.deepEqual(
      await authAs('joe@contoso.com', 'a@fabrikam.example', ' XOORG=contoso.com'),
      yes,
      'XOORG names the sender’s organisation',
    )
    await set({ Enabled: false })
    assert.deepEqual(await authAs('joe@contoso.com'), [])
    await set({ Enabled: true, TlsSenderCertificateName: '*.contoso.com' })
    assert.deepEqual(await authAs('joe@contoso.com'), yes)
    await set({ TlsSenderCertificateName: 'O=Contoso, cn=MAIL.contoso.com' })
    assert.deepEqual(await authAs('joe@contoso.com'), yes, 'the subject in the other order')
    await set({ TlsSenderCertificateName: '<I>CN=Public CA<S>CN=mail.contoso.com, O=Contoso' })
    assert.deepEqual(await authAs('joe@contoso.com'), yes)
    await set({ TlsSenderCertificateName: '<I>CN=Other CA<S>CN=mail.contoso.com, O=Contoso' })
    assert.deepEqual(await authAs('joe@contoso.com'), [])
    await set({ TlsSenderCertificateName: '*' })
    assert.deepEqual(await authAs('joe@contoso.com'), [], 'any certificate is nobody’s')
    await set({ TlsSenderCertificateName: names.onPremises.mail, CloudServicesMailEnabled: false })
    assert.deepEqual(await authAs('joe@contoso.com'), [])
    await set({ CloudServicesMailEnabled: true, RestrictDomainsToIPAddresses: true, SenderIPAddresses: ['192.0.2.0/24'] })
    assert.deepEqual(await authAs('joe@contoso.com'), [], 'from elsewhere')
    await set({ SenderIPAddresses: ['127.0.0.1-127.0.0.9'] })
    assert.deepEqual(await authAs('joe@contoso.com'), yes)

    const receive = (changes: Parameters<typeof configuration.update<'ReceiveConnector'>>[3]) =>
      onPremises.configuration.update(onPremises.organisation.id, 'ReceiveConnector', connectorNames.receive, changes)
    const theirs = await ca.issue('CN=x', { names: [names.online.mail] })
    const onP = async () => {
      await send(onPremises, 'mary@contoso.com', letter('joe@contoso.com', 'mary@contoso.com', 'x', spellings['plain']), {
        ...{ tls: true, shown: theirs, from: 'joe@contoso.com' },
      })
      return fieldsNamed(await lastOf(sites, onPremises, 'mary@contoso.com'), 'X-MS-Exchange-Organization-AuthAs')
    }
    assert.deepEqual(await onP(), yes)
    await receive({ TlsDomainCapabilities: [`${names.online.mail}:AcceptOorgProtocol`] })
    assert.deepEqual(await onP(), [])
    await receive({ TlsDomainCapabilities: ['*.online.example: AcceptOorgProtocol, AcceptCloudServicesMail'] })
    assert.deepEqual(await onP(), yes)
    await receive({ RemoteIPRanges: ['10.0.0.0/8', '::1'] })
    assert.deepEqual(await onP(), [])
    await receive({ RemoteIPRanges: ['127.0.0.1'], Enabled: false })
    assert.deepEqual(await onP(), [])
  })
}
