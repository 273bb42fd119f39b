import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRoute } from '#access'
import type { Caller } from '#model'
import { readConfig, seedPeople, seedPerson, startSite, type Site } from '#server'
import { connectRaw, type RawEws } from '../test/clients/raw-ews.ts'

export interface BenchSite {
  site: Site
  /** GUID of mary's mailbox. */
  mailbox: string
  ews: RawEws
  folder: string
  authorization: string
  /** Of an administrator. */
  administrator: string
  close(): Promise<void>
}

/** Everybody's. */
export const benchPassword = 'Bench!2026'

/** A site on disk in a folder of its own. */
export async function startBenchSite(): Promise<BenchSite> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'))
  const result = readConfig({
    organisation: { name: 'Contoso', domain: 'contoso.com' },
    data: folder,
    listeners: { https: { port: 0 }, smtp: { port: 0 }, submission: { port: 0 } },
    log: { level: 'silent' },
  })
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  const people = ['mary', 'rob', 'boss'].map((name) =>
    seedPerson.parse({
      address: `${name}@contoso.com`,
      displayName: name,
      ...(name === 'boss' ? { rights: { roles: ['Organization Management'] } } : {}),
    }),
  )
  // Not the tests' site: node:test's hooks would slow down everything that is measured.
  const held: { administrator?: Caller } = {}
  const site = await startSite(result.config, {
    outside: { resolver: { mx: async () => [], addresses: async () => [] }, around: asAdministrator(held) },
    prepare: async (rooms) => void (await seedPeople(rooms, rooms.organisation.id, people, benchPassword)),
  })
  const boss = await site.directory.find('boss@contoso.com')
  if (boss)
    held.administrator = { ...(await site.directory.callerFor(boss)), signedIn: { by: 'token', secondFactor: true, at: Date.now() } }
  const mailbox = (await site.directory.find('mary@contoso.com'))?.mailbox ?? ''
  const user = 'mary@contoso.com'
  const ews = connectRaw({ url: site.endpoints.ews, ca: site.ca, user, password: benchPassword })
  return {
    site,
    mailbox,
    ews,
    folder,
    authorization: basicOf(user),
    administrator: basicOf('boss@contoso.com'),
    close: async () => {
      ews.close()
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The administrator is whoever asks: what is measured is the cmdlets, not the sign-in, which asks for a second factor. */
const asAdministrator =
  (held: { administrator?: Caller }) =>
  (route: HttpRoute): HttpRoute =>
    route.protocol === 'admin'
      ? {
          ...route,
          auth: 'none',
          handle: (request) => route.handle({ ...request, ...(held.administrator ? { caller: held.administrator } : {}) }),
        }
      : route

export const basicOf = (user: string): string => `Basic ${Buffer.from(`${user}:${benchPassword}`).toString('base64')}`

/** Copies one stored item `count` times into a folder by the store alone, each with a subject and time of its own. */
export async function fillFolder({ site, mailbox }: BenchSite, folder: number, template: number, count: number): Promise<void> {
  const row = await site.store.read((tx) => tx.items.get(mailbox, template))
  if (!row) throw new Error('the template is gone')
  const { id: _id, change: _change, contentChange: _contentChange, ...item } = row
  for (let done = 0; done < count;) {
    const upTo = Math.min(done + 500, count)
    await site.store.write(async (tx) => {
      for (; done < upTo; done++) {
        const messageId = `<${createHash('sha256').update(String(done)).digest('hex').slice(0, 24)}@bench.example>`
        await tx.items.insert(
          { ...item, folder, subject: `Bench ${done}`, messageId, received: item.received + done * 1000, hasAttachments: false },
          `Bench ${done}`,
        )
      }
    })
  }
}
