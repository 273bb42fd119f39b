/** Three people with mailboxes in one organisation, a clock the test moves, and the mailbox verbs over one engine. */
import { randomBytes } from 'node:crypto'
import { createConfiguration, createDirectory, type Configuration, type Directory, type Recipient } from '#directory'
import { createMailboxes, type Folder, type Item, type Mailboxes, type NewItemInput, type Outcome } from '#mailbox'
import { Refusal, systemCaller, type Caller, type RefusalCode } from '#model'
import type { Store } from '#store'
import { openVault } from '#trust'
import type { TestEngine } from '../support/engines.ts'

export interface People extends AsyncDisposable {
  store: Store
  directory: Directory
  configuration: Configuration
  mailboxes: Mailboxes
  organisation: string
  system: Caller
  mary: Person
  rob: Person
  ann: Person
  clock: { now: number }
}
export interface Person {
  recipient: Recipient
  mailbox: string
  caller: Caller
}

export async function people(engine: TestEngine): Promise<People> {
  const store = await engine.open()
  const clock = { now: Date.UTC(2030, 0, 7, 9, 0, 0) }
  const random = (size: number) => randomBytes(size)
  const directory = createDirectory({ store, clock: () => clock.now, random, passwordCost: { memory: 64, passes: 1 } })
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const vault = await openVault({ random })
  const configuration = createConfiguration({ store, clock: () => clock.now, random, ...vault })
  const mailboxes = createMailboxes({ store, directory, configuration, clock: () => clock.now, random, log: quiet })
  const { id: organisation } = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  const person = async (alias: string, displayName: string): Promise<Person> => {
    const recipient = await directory.create(organisation, { kind: 'UserMailbox', alias, displayName })
    await mailboxes.provision(organisation, recipient.mailbox)
    return { recipient, mailbox: recipient.mailbox, caller: await directory.callerFor(recipient) }
  }
  return {
    store,
    directory,
    configuration,
    mailboxes,
    organisation,
    system: systemCaller(organisation),
    mary: await person('mary', 'Mary Baker'),
    rob: await person('rob', 'Rob Young'),
    ann: await person('ann', 'Ann Lee'),
    clock,
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** A plain note. */
export function note(subject: string, more: NewItemInput['properties'] = {}): NewItemInput {
  return { kind: 'message', properties: { subject, body: { type: 'Text', value: `About ${subject}.` }, ...more } }
}

/** A message as it comes in. */
export function mail(fields: { from?: string; to?: string; subject: string; id?: string; headers?: string; body?: string }): Buffer {
  const {
    from = 'Bob <bob@fabrikam.com>',
    to = 'mary@contoso.com',
    subject,
    id = `${subject}@fabrikam.com`,
    headers = '',
    body = 'Hello.',
  } = fields
  return Buffer.from(
    `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${id.replaceAll(' ', '-')}>\r\nDate: Mon, 07 Jan 2030 08:00:00 +0000\r\n${headers}\r\n${body}\r\n`,
  )
}

/** The only item of an answer; refusals are thrown. */
export function only(outcomes: Outcome<Item>[]): Item {
  const [first] = outcomes
  if (!first) throw new Error('no item')
  if (first instanceof Refusal) throw first
  return first
}

/** For `assert.rejects`: the refusal with this code. */
export function refusal(code: RefusalCode): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof Refusal && error.code === code) return true
    throw error
  }
}

export const subjects = (items: Item[]): unknown[] => items.map((item) => item.properties.subject)
export const names = (folders: Folder[]): string[] => folders.map((folder) => folder.row.name)

/** The first hundred items of a folder, by subject. */
export const page = { kind: 'indexed', offset: 0, limit: 100, from: 'Beginning' } as const
