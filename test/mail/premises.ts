/** Mail between the premises of test/support/hybrid-sites.ts: connectors on both sides, what lies in mailboxes and waits in queues. */
import { X509Certificate } from 'node:crypto'
import type { Item } from '#mailbox'
import { systemCaller } from '#model'
import type { Site } from '#server'
import type { QueuedRecipient } from '#store'
import { domainObject } from '../../src/directory/rows.ts'
import type { TestEngine } from '../support/engines.ts'
import { names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { submission } from './mail-site.ts'

export interface Premises extends HybridSites {
  /** Hands in a message of one of the site's people. */
  submit(site: Site, from: string, to: string[], message: Buffer): Promise<void>
  /** Works on both queues until nothing in them is due. */
  settle(): Promise<void>
}

export const connectorNames = {
  send: 'Outbound to Office 365',
  receive: 'Default Frontend',
  inbound: 'Inbound from P',
  outbound: 'Outbound to P',
}

/** Both premises with the connectors that the wizard would make (hybrid reference 9, item 5). */
export async function startPremises(engine: TestEngine, { connectors = true } = {}): Promise<Premises> {
  const sites = await startHybridSites({ engine })
  const { onPremises, online, zone } = sites
  const at = (site: Site) => ({ address: '127.0.0.1', port: site.ports.smtp! })
  zone.set(`${names.onPremises.mail}:25`, at(onPremises))
  zone.set(`${names.online.mail}:25`, at(online))
  if (connectors) await connect(onPremises, online)
  return {
    ...sites,
    async submit(site, from, to, message) {
      const who = await site.directory.find(from, site.organisation.id)
      if (!who) throw new Error(`nobody is ${from}`)
      const envelope = { sender: from, recipients: to.map((address) => ({ address })) }
      await site.transport.accept(message, envelope, await site.directory.callerFor(who), submission)
    },
    async settle() {
      const isDue = async (site: Site) => (await waitingIn(site)).some(({ due }) => due <= Date.now() + sites.clock.skew)
      const moves = async () => {
        // Twice: what left one queue after it was looked at is in the other, or back.
        for (const site of [onPremises, online, onPremises, online]) if (await isDue(site)) return true
        return false
      }
      for (const until = Date.now() + 20_000; (await moves()) && Date.now() < until;) {
        await onPremises.transport.runDue()
        await online.transport.runDue()
      }
    },
    [Symbol.asyncDispose]: () => sites[Symbol.asyncDispose](),
  }
}

async function connect(onPremises: Site, online: Site): Promise<void> {
  const here = onPremises.organisation.id
  const there = online.organisation.id
  await onPremises.configuration.create(here, 'SendConnector', {
    Name: connectorNames.send,
    AddressSpaces: [`smtp:${names.online.domain};1`],
    SmartHosts: [names.online.mail],
    RequireTLS: true,
    TlsAuthLevel: 'DomainValidation',
    TlsDomain: names.online.mail,
    CloudServicesMailEnabled: true,
  })
  await onPremises.configuration.create(here, 'ReceiveConnector', {
    Name: connectorNames.receive,
    TlsDomainCapabilities: [`${names.online.mail}:AcceptCloudServicesMail`],
  })
  await online.configuration.create(there, 'InboundConnector', {
    Name: connectorNames.inbound,
    SenderDomains: ['smtp:*;1'],
    ConnectorType: 'OnPremises',
    RequireTls: true,
    TlsSenderCertificateName: names.onPremises.mail,
    CloudServicesMailEnabled: true,
  })
  await online.configuration.create(there, 'OutboundConnector', {
    Name: connectorNames.outbound,
    ConnectorType: 'OnPremises',
    RecipientDomains: [names.onPremises.domain],
    SmartHosts: [names.onPremises.mail],
    TlsSettings: 'DomainValidation',
    TlsDomain: names.onPremises.mail,
    CloudServicesMailEnabled: true,
  })
}

/** What lies in an inbox, as it came, oldest first. */
export async function inboxOf(site: Site, address: string): Promise<string[]> {
  const owner = await site.directory.find(address)
  if (!owner?.mailbox) throw new Error(`${address} has no mailbox here`)
  const { mailbox } = owner
  const inbox = await site.store.read((tx) => tx.folders.byKind(mailbox, 'inbox'))
  const order = [{ column: 'id' as const, descending: false }]
  const rows = await site.store.read((tx) => tx.items.rows({ mailbox, folders: [inbox?.id ?? 0], associated: false, order, limit: 100 }))
  const wanted = { shape: 'ids' as const, mime: true, paths: [{ property: 'mimeContent' }] }
  const items = await site.mailboxes.getItems(systemCaller(owner.organisation), rows.map(({ id }) => ({ mailbox, id })), wanted) // prettier-ignore
  return items.map((one) => Buffer.from(String((one as Item).properties['mimeContent']), 'base64').toString('latin1'))
}

/** Everything that waits in a site's queue. */
export async function waitingIn(site: Site): Promise<QueuedRecipient[]> {
  const organisations = [site.organisation.id, ...site.tenants.map(({ id }) => id)]
  const lists = await site.store.read((tx) =>
    Promise.all(
      organisations.map(async (id) => {
        const messages = await tx.queue.list(id, '', 100)
        return Promise.all(messages.map((message) => tx.queue.recipients(id, message.id)))
      }),
    ),
  )
  return lists.flat(2).filter(({ state }) => state === 'waiting')
}

/** Makes an accepted domain one whose unknown recipients go on to the next hop. */
export async function relayFor(site: Site, domain: string): Promise<void> {
  await site.store.write(async (tx) => {
    const row = await tx.objects.anywhere(`domain:${domain}`)
    if (!row) throw new Error(`${domain} is no accepted domain`)
    await tx.objects.save(domainObject({ organisation: row.organisation, domain, type: 'InternalRelay' }, row.id))
  })
}

/** `<I>issuer<S>subject` of a certificate, as administrators write it. */
export function certificateName(pem: string): string {
  const { issuer, subject } = new X509Certificate(pem)
  return `<I>${issuer.replaceAll('\n', ', ')}<S>${subject.replaceAll('\n', ', ')}`
}

/** A message with a body that mail systems like to change. */
export function letter(from: string, to: string, subject: string, headers = ''): Buffer {
  return Buffer.from(
    `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-ID: <${subject}@${from}>\r\n` +
      `MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n${headers}\r\n` +
      `From here on\r\n.\r\n..two dots, trailing blanks   \r\n\tGr\u00fc\u00dfe \u20ac\r\n\r\n`,
    'utf8',
  )
}

export const bodyOf = (message: string | Buffer): string => {
  const text = typeof message === 'string' ? message : message.toString('latin1')
  return text.slice(text.search(/\n\r\n/))
}

/** The fields of that name, unfolded. */
export function fieldsNamed(message: string, name: string): string[] {
  const head = message.slice(0, message.search(/\n\r\n/) + 1).replace(/\r\n(?=[ \t])/g, '')
  return head.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
}
