import { randomBytes } from 'node:crypto'
import { createDirectory, type Directory, type Recipient } from '#directory'
import type { Delivery } from '#mailbox'
import type { Caller } from '#model'
import type { Store, WriteTx } from '#store'
import { createTransport, type Envelope, type Origin, type Resolver, type Transport, type TransportConfig } from '#transport'

export const start = Date.UTC(2026, 10, 23, 8)
export const submission: Origin = { kind: 'submission', protocol: 'ESMTPSA', helo: 'client', address: '192.0.2.1' }
export const inbound: Origin = { kind: 'inbound', protocol: 'ESMTP', helo: 'mx.example', address: '192.0.2.2' }
export const anonymous: Caller = { kind: 'anonymous', organisation: '', recipient: '', groups: [], address: '', name: '' }

/** A small organisation with a transport whose mailboxes are lists, so that mail flow is tested by itself. */
export interface MailSite extends AsyncDisposable {
  directory: Directory
  transport: Transport
  organisation: string
  people: Record<'mary' | 'rob' | 'ann' | 'sales', Recipient>
  /** What was delivered, by mailbox address, in order of commit. */
  boxes: Map<string, Delivery[]>
  now: { at: number }
  logged: object[]
  /** Thrown by the next deliveries, one each. */
  failures: Error[]
  /** Runs before the delivery's write. */
  beforeDelivery: () => Promise<void>
  /** Runs inside the delivery's write before the transport's own part. */
  beforeCommit: (tx: WriteTx) => Promise<void>
  caller(who: Recipient): Promise<Caller>
  add(input: Partial<Recipient> & Pick<Recipient, 'kind' | 'alias'>): Promise<Recipient>
  /** Another transport over the same store. */
  another(config?: Partial<TransportConfig>): Transport
  subjects(address: string): string[]
}

const noDns: Resolver = { mx: async () => [], addresses: async () => [] }

/** `more`: what else the transport is made of, such as connectors. */
export async function mailSite(
  store: Store,
  config: Partial<TransportConfig> = {},
  resolver: Resolver = noDns,
  more: Partial<Parameters<typeof createTransport>[0]> = {},
): Promise<MailSite> {
  const now = { at: start }
  const clock = (): number => now.at
  const directory = createDirectory({ store, clock, random: randomBytes, passwordCost: { memory: 8, passes: 1 } })
  const organisation = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  const add: MailSite['add'] = (input) => directory.create(organisation.id, { displayName: input.alias, ...input })
  const people = {
    mary: await add({ kind: 'UserMailbox', alias: 'mary', displayName: 'Mary Jensen' }),
    rob: await add({ kind: 'UserMailbox', alias: 'rob' }),
    ann: await add({ kind: 'UserMailbox', alias: 'ann' }),
    sales: await add({ kind: 'SharedMailbox', alias: 'sales' }),
  }
  const boxes: MailSite['boxes'] = new Map()
  const logged: object[] = []
  const failures: Error[] = []
  const note = (detail: object, message: string): unknown => logged.push({ ...detail, message })
  const site = { beforeDelivery: async () => undefined, beforeCommit: async () => undefined } as unknown as MailSite
  const mailboxes = {
    async deliver(of: string, mailbox: string, delivery: Delivery, also?: (tx: WriteTx) => Promise<void>): Promise<number> {
      const failure = failures.shift()
      if (failure) throw failure
      await site.beforeDelivery()
      await store.write(async (tx) => {
        await site.beforeCommit(tx)
        await also?.(tx)
      })
      const owner = await directory.recipientOfMailbox(of, mailbox)
      const address = owner?.address ?? mailbox
      boxes.set(address, [...(boxes.get(address) ?? []), delivery])
      return 1
    },
    keepForRepresented: async () => async () => [],
  }
  const make = (further: Partial<TransportConfig> = {}): Transport =>
    createTransport({
      store,
      directory,
      mailboxes,
      clock,
      random: randomBytes,
      resolver,
      log: { info: note, warn: note, error: note },
      ...more,
      config: { hostname: 'mail.contoso.com', ...config, ...further },
    })
  const transport = make()
  return Object.assign(site, {
    directory,
    transport,
    organisation: organisation.id,
    people,
    boxes,
    now,
    logged,
    failures,
    caller: (who: Recipient) => directory.callerFor(who),
    add,
    another: make,
    subjects: (address: string) =>
      (boxes.get(address) ?? []).map((one) => /^Subject: (.*)$/im.exec(Buffer.from(one.mime).toString('latin1'))?.[1]?.trim() ?? ''),
    [Symbol.asyncDispose]: () => transport.close(100),
  } satisfies Omit<MailSite, 'beforeCommit' | 'beforeDelivery'>)
}

export function message(subject: string, more = ''): Buffer {
  return Buffer.from(
    `From: sender@fabrikam.example\r\nTo: someone@contoso.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@fabrikam.example>\r\n${more}\r\nbody of ${subject}\r\n`,
  )
}

export function to(...addresses: string[]): Envelope {
  return { sender: 'sender@fabrikam.example', recipients: addresses.map((address) => ({ address })) }
}
