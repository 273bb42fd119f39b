import assert from 'node:assert/strict'
import { randomBytes, X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { createConfiguration } from '#directory'
import type { Store } from '#store'
import { createKeyRing, openVault } from '#trust'
import { quickEngines } from '../support/engines.ts'
import { makeAuthority, type Authority } from './certificate-authority.ts'
import { anonymous, inbound, mailSite, message, start, submission, to, type MailSite } from './mail-site.ts'
import { certificateName, fieldsNamed } from './premises.ts'

interface Taken {
  rcpt: string[]
  mail: unknown
  text: string
  shown: string
  helo: string
}

/** The other premises, as far as SMTP goes. */
async function peer(ca: Authority, name: string, { xoorg = true } = {}) {
  const own = await ca.issue(`CN=${name}`, { names: [name] })
  const taken: Taken[] = []
  const shown = new Map<string, string>()
  const server = new SMTPServer({
    ...{ key: own.key, cert: own.cert, ca: ca.cert, requestCert: true, rejectUnauthorized: false },
    ...{ authOptional: true, disableReverseLookup: true, logger: false, hideDSN: false, closeTimeout: 200 },
    heloResponse: '%s',
    onConnect(session, callback) {
      for (const connection of server.connections) {
        if (connection.id !== session.id) continue
        const send = connection.send.bind(connection)
        connection.send = (code, data, context) => send(code, Array.isArray(data) && xoorg ? [...data, 'XOORG'] : data, context)
      }
      callback()
    },
    onSecure(socket, session, callback) {
      shown.set(session.id, String((socket as TLSSocket).getPeerCertificate().subject?.CN ?? ''))
      callback()
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const rcpt = rcptTo.map(({ address, dsn }) => `${address} ${dsn?.orcpt ?? ''}`.trim())
        const text = Buffer.concat(chunks).toString('latin1')
        taken.push({ rcpt, mail: mailFrom && mailFrom.args, text, shown: shown.get(session.id) ?? '', helo: session.hostNameAppearsAs })
        callback(null, 'taken')
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    taken,
    port: (server.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function openSite(store: Store, ca: Authority) {
  const vault = await openVault({ random: randomBytes })
  const clock = () => start
  const configuration = createConfiguration({ store, clock, random: randomBytes, ...vault })
  const keyRing = createKeyRing({ store, vault, clock })
  const own = await ca.issue('CN=own.contoso.com', { names: ['own.contoso.com'], from: -3000, to: 3000 })
  const zone = new Map<string, { address: string; port?: number }>()
  const site = await mailSite(store, {}, undefined, {
    ...{ configuration, keyRing, authorities: () => [ca.cert], certificate: () => own },
    findHost: async (host, port) => [zone.get(`${host}:${port}`)].filter((one) => one !== undefined),
  })
  return { site, configuration, keyRing, zone }
}

const submit = async (site: MailSite, subject: string, recipients: string[], more = ''): Promise<void> => {
  const bytes = message(subject, more).toString().replace('sender@fabrikam.example', 'mary@contoso.com')
  const envelope = { ...to(...recipients), sender: 'mary@contoso.com' }
  await site.transport.accept(Buffer.from(bytes), envelope, await site.caller(site.people.mary), submission)
  await site.transport.runDue()
}
const lastError = async (store: Store, site: MailSite): Promise<string> => {
  const [queued] = await store.read((tx) => tx.queue.list(site.organisation, '', 10))
  return (await store.read((tx) => tx.queue.recipients(site.organisation, queued?.id ?? '')))[0]?.lastError ?? ''
}

for (const engine of quickEngines) {
  test(`${engine.name}: a hop shows the certificate that its connector names, XOORG where it is offered, and whom mail was for`, async () => {
    const ca = await makeAuthority('CN=Public CA', { ca: true, from: -3000, to: 3000 })
    await using opened = await engine.use()
    await using other = await peer(ca, 'mx.online.example')
    await using plain = await peer(ca, 'mx.plain.example', { xoorg: false })
    const { site, configuration, keyRing, zone } = await openSite(opened.store, ca)
    await using _ = site
    zone.set('mx.online.example:2525', { address: '127.0.0.1', port: other.port })
    zone.set('mx.plain.example:25', { address: '127.0.0.1', port: plain.port })
    const named = await ca.issue('CN=mail.contoso.com, O=Contoso', { names: ['mail.contoso.com'], from: -3000, to: 3000 })
    const common = { RequireTLS: true, TlsAuthLevel: 'DomainValidation' as const, CloudServicesMailEnabled: true }
    await configuration.create(site.organisation, 'SendConnector', {
      ...{ ...common, Name: 'Online', AddressSpaces: ['smtp:online.example;3'], SmartHosts: ['mx.online.example'], Port: 2525 },
      ...{ TlsDomain: '*.online.example', TlsCertificateName: certificateName(named.cert), Fqdn: 'hub.contoso.com' },
    })
    await configuration.create(site.organisation, 'SendConnector', {
      ...{ ...common, Name: 'Plain', AddressSpaces: ['smtp:plain.example'], SmartHosts: ['mx.plain.example'] },
    })
    await site.add({ kind: 'MailUser', alias: 'joe', address: 'joe@contoso.com', externalAddress: 'joe@online.example' })

    await submit(site, 'early', ['joe@contoso.com'])
    assert.match(
      await lastError(opened.store, site),
      /^4\.7\.5 The certificate <I>CN=Public CA<S>.* of the connector 'Online' is not in the key ring\.$/,
    )
    await keyRing.add(site.organisation, { certificate: named.cert, privateKey: named.key }, ['SMTP'])
    site.now.at += 120_000
    await site.transport.runDue()
    const [first] = other.taken
    assert.equal(first?.shown, 'mail.contoso.com')
    assert.equal(first?.helo, 'hub.contoso.com')
    assert.deepEqual(first?.rcpt, ['joe@online.example rfc822;joe@contoso.com'])
    assert.equal((first?.mail as Record<string, string>)['XOORG'], 'contoso.com')
    assert.deepEqual(fieldsNamed(first?.text ?? '', 'X-MS-Exchange-CrossPremises-AuthMechanism'), [
      'X-MS-Exchange-CrossPremises-AuthMechanism: 04',
    ])
    assert.ok(first?.text.includes(`X-LD-Processed: ${site.organisation},ExtAddr,<joe@online.example>\r\n`))

    await submit(site, 'plain', ['x@plain.example'])
    const [second] = plain.taken
    assert.equal(second?.shown, 'own.contoso.com', 'the server’s own where none is named')
    assert.equal((second?.mail as Record<string, string>)['XOORG'], undefined)
    assert.deepEqual(fieldsNamed(second?.text ?? '', 'X-OriginatorOrg'), ['X-OriginatorOrg: contoso.com'])
    assert.doesNotMatch(second?.text ?? '', /X-LD-Processed/)
  })

  test(`${engine.name}: TLS is as strict as the connector says`, async () => {
    const ca = await makeAuthority('CN=Public CA', { ca: true, from: -3000, to: 3000 })
    const strange = await makeAuthority('CN=Strange CA', { ca: true, from: -3000, to: 3000 })
    await using opened = await engine.use()
    await using known = await peer(ca, 'mx.known.example')
    await using unknown = await peer(strange, 'mx.unknown.example')
    const { site, configuration, zone } = await openSite(opened.store, ca)
    await using _ = site
    const levels = [
      ['encryption', { RequireTLS: true, TlsAuthLevel: 'EncryptionOnly' }, unknown, true],
      ['required', { RequireTLS: true }, unknown, true],
      ['chain', { RequireTLS: true, TlsAuthLevel: 'CertificateValidation' }, unknown, false],
      ['chain-known', { RequireTLS: true, TlsAuthLevel: 'CertificateValidation' }, known, true],
      ['name', { RequireTLS: true, TlsAuthLevel: 'DomainValidation' }, known, false],
      ['name-given', { RequireTLS: true, TlsAuthLevel: 'DomainValidation', TlsDomain: 'mx.known.example' }, known, true],
      ['name-other', { RequireTLS: true, TlsAuthLevel: 'DomainValidation', TlsDomain: 'known.example' }, known, false],
      ['cloud', { CloudServicesMailEnabled: true }, known, false],
    ] as const
    for (const [name, tls, other, passes] of levels) {
      zone.set(`mx.${name}.example:25`, { address: '127.0.0.1', port: other.port })
      await configuration.create(site.organisation, 'SendConnector', {
        ...{ Name: name, AddressSpaces: [`smtp:${name}.example`], SmartHosts: [`mx.${name}.example`], ...tls },
      })
      const before = other.taken.length
      await submit(site, name, [`x@${name}.example`])
      assert.equal(other.taken.length - before, passes ? 1 : 0, name)
    }
    const waiting = await opened.store.read(async (tx) => {
      const messages = await tx.queue.list(site.organisation, '', 10)
      return (await Promise.all(messages.map(({ id }) => tx.queue.recipients(site.organisation, id)))).flat()
    })
    assert.deepEqual(waiting.map((one) => one.address).toSorted(), [
      'x@chain.example',
      'x@cloud.example',
      'x@name-other.example',
      'x@name.example',
    ])
    assert.ok(
      waiting.every((one) => one.lastError.startsWith('4.7.5 ')),
      JSON.stringify(waiting.map((one) => one.lastError)),
    )
  })

  test(`${engine.name}: what a message is to the organisation is known in the queue and at delivery, and told to nobody else`, async () => {
    const ca = await makeAuthority('CN=Public CA', { ca: true, from: -3000, to: 3000 })
    await using opened = await engine.use()
    await using other = await peer(ca, 'mx.fabrikam.example')
    const { site, configuration, zone } = await openSite(opened.store, ca)
    await using _ = site
    zone.set('mx.fabrikam.example:25', { address: '127.0.0.1', port: other.port })
    await configuration.create(site.organisation, 'SendConnector', {
      Name: 'Rest',
      AddressSpaces: ['*'],
      SmartHosts: ['mx.fabrikam.example'],
    })
    await configuration.create(site.organisation, 'ReceiveConnector', {
      ...{ Name: 'In', TlsDomainCapabilities: ['mail.online.example:AcceptCloudServicesMail'] },
    })
    const forged = 'X-MS-Exchange-Organization-AuthAs: Internal\r\nX-MS-Exchange-Organization-SCL: -1\r\n'
    const crossed =
      'X-MS-Exchange-CrossPremises-AuthAs: Internal\r\nX-MS-Exchange-CrossPremises-SCL: 3\r\nX-MS-Exchange-CrossPremises-Odd: x\r\n'
    const authAs = () => site.boxes.get('rob@contoso.com')?.at(-1)?.authAs
    const mime = () => Buffer.from(site.boxes.get('rob@contoso.com')?.at(-1)?.mime ?? []).toString()

    await site.transport.accept(message('a', forged + crossed), to('rob@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.equal(authAs(), 'Anonymous')
    assert.equal(mime(), message('a').toString())
    await submit(site, 'b', ['rob@contoso.com'], forged)
    assert.equal(authAs(), 'Internal')
    assert.doesNotMatch(mime(), /X-MS-Exchange/)

    const theirs = new X509Certificate((await ca.issue('CN=x', { names: ['mail.online.example'], from: -3000, to: 3000 })).cert)
    const origin = { ...inbound, certificates: [theirs] }
    const envelope = { ...to('rob@contoso.com', 'contact@contoso.com'), sender: 'joe@contoso.com' }
    await site.add({ kind: 'MailContact', alias: 'contact', address: 'contact@contoso.com', externalAddress: 'c@fabrikam.example' })
    await site.transport.accept(message('c', forged + crossed), envelope, anonymous, origin)
    await site.transport.runDue()
    assert.equal(authAs(), 'Internal')
    assert.ok(mime().startsWith('X-MS-Exchange-Organization-AuthAs: Internal\r\nX-MS-Exchange-Organization-SCL: 3\r\nFrom:'), mime())
    const [out] = other.taken
    assert.doesNotMatch(out?.text ?? '', /X-MS-Exchange|X-OriginatorOrg/)
    assert.deepEqual(fieldsNamed(out?.text ?? '', 'X-CrossPremisesHeadersFilteredBySendConnector'), [
      'X-CrossPremisesHeadersFilteredBySendConnector: mail.contoso.com',
    ])
    await site.transport.accept(
      message('d', crossed.repeat(2).replace('AuthAs: Internal', 'AuthAs: Anonymous')),
      envelope,
      anonymous,
      origin,
    )
    await site.transport.runDue()
    assert.equal(authAs(), 'Anonymous', 'fields that contradict each other')

    // What mailboxes put into the queue themselves has not been through the rules of acceptance.
    const blob = await opened.store.stage(message('e', forged))
    const mail = {
      organisation: site.organisation,
      id: 'e',
      accepted: site.now.at,
      sender: 'mary@contoso.com',
      blob: blob.digest,
      size: blob.size,
    }
    const recipients = ['rob@contoso.com', 'x@fabrikam.example'].map((address) => ({
      address,
      route: 'categorise',
      due: site.now.at,
      options: {},
    }))
    await opened.store.write((tx) =>
      tx.queue.add({ ...mail, envelope: { origin: 'mailbox', submitter: site.people.mary.id } }, blob, recipients),
    )
    await site.transport.runDue()
    assert.equal(authAs(), 'Internal')
    assert.equal(mime(), message('e').toString())
    assert.doesNotMatch(other.taken.at(-1)?.text ?? '', /Organization-/)
  })

  test(`${engine.name}: mail that the MX of a domain leads back to its own server ends after one round`, async () => {
    await using opened = await engine.use()
    const accepted: Buffer[] = []
    let site: MailSite | undefined
    const server = new SMTPServer({
      ...{ authOptional: true, disableReverseLookup: true, logger: false, disabledCommands: ['STARTTLS'], closeTimeout: 200 },
      onData(stream, session, callback) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const bytes = Buffer.concat(chunks)
          accepted.push(bytes)
          const envelope = { ...to(...session.envelope.rcptTo.map(({ address }) => address)), sender: 'mary@contoso.com' }
          void site?.transport.accept(bytes, envelope, anonymous, inbound).then(() => callback(null))
        })
      },
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.server.address() as AddressInfo
    site = await mailSite(opened.store, { port }, { mx: async () => [], addresses: async () => ['127.0.0.1'] })
    await using _ = site
    await site.directory.addAcceptedDomain({ organisation: site.organisation, domain: 'relay.example', type: 'InternalRelay' })
    await submit(site, 'self', ['nobody@relay.example'])
    assert.equal(accepted.length, 1)
    assert.deepEqual(site.subjects('mary@contoso.com'), ['Undeliverable: self'])
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
}
