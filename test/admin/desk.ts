/** An organisation with an administrator, a helper of few rights and the cmdlets, over one engine. */
import { randomBytes } from 'node:crypto'
import { createRoles, type Roles } from '#access'
import { createAdmin, mailboxMakers, type Admin, type AdminAudit, type Cmdlet, type SignInPolicy } from '#admin'
import { createConfiguration, createDirectory, type Configuration, type Directory, type Recipient } from '#directory'
import { Refusal, systemCaller, type Caller, type RefusalCode } from '#model'
import { createMailboxes, type Mailboxes } from '#mailbox'
import type { Store } from '#store'
import { createKeyRing, openVault, type KeyRing } from '#trust'
import { engines, type TestEngine } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'

export interface Desk extends AsyncDisposable {
  admin: Admin
  directory: Directory
  configuration: Configuration
  keyRing: KeyRing
  roles: Roles
  store: Store
  mailboxes: Mailboxes
  organisation: string
  system: Caller
  /** Holds `Organization Management`. */
  boss: Caller
  /** Holds `Federated Sharing` alone. */
  sharer: Caller
  /** Holds nothing. */
  mary: Caller
  /** Somebody more, in these role groups and with these roles, signed in with a second factor just now. */
  person(alias: string, roles?: readonly string[], more?: Partial<Recipient>): Promise<Caller>
  /** The same person as they are now: with the groups they are in by now. */
  again(caller: Caller): Promise<Caller>
  audit: AdminAudit[]
  warnings: string[]
  clock: { now: number }
  /** One command line as the system. */
  run(line: string, caller?: Caller): Promise<Record<string, unknown>[]>
}

export async function desk(
  engine: TestEngine = engines[0]!,
  more: readonly Cmdlet[] = [],
  outside: { signInPolicy?: SignInPolicy } = {},
): Promise<Desk> {
  const store = await engine.open()
  const clock = { now: Date.UTC(2030, 0, 7, 9) }
  const vault = await openVault({ random: randomBytes })
  const needs = { store, clock: () => clock.now, random: (size: number) => randomBytes(size) }
  const directory = createDirectory({ ...needs, passwordCost: { memory: 64, passes: 1 } })
  const configuration = createConfiguration({ ...needs, ...vault })
  const keyRing = createKeyRing({ store, vault, clock: needs.clock })
  const { id: organisation } = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  const roles = createRoles({ ...needs, directory })
  const signedIn = (caller: Caller): Caller => ({ ...caller, signedIn: { by: 'password', secondFactor: true, at: clock.now } })
  const person: Desk['person'] = async (alias, names = [], more = {}) => {
    const recipient = await directory.create(organisation, { kind: 'UserMailbox', alias, displayName: `${alias} Baker`, ...more })
    await roles.give(organisation, recipient.id, names)
    return signedIn(await directory.callerFor(recipient))
  }
  const audit: AdminAudit[] = []
  const warnings: string[] = []
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const mailboxes = createMailboxes({ ...needs, directory, log })
  const admin = createAdmin({
    ...{ ...needs, ...outside, directory, configuration, keyRing, roles },
    more: [...mailboxMakers(mailboxes), ...more],
    audit: (entry) => void audit.push(structuredClone(entry)),
  })
  const system = systemCaller(organisation)
  return {
    admin,
    directory,
    configuration,
    keyRing,
    roles,
    store,
    mailboxes,
    organisation,
    system,
    boss: await person('boss', ['Organization Management']),
    sharer: await person('sharer', ['Federated Sharing']),
    mary: await person('mary'),
    person,
    again: async ({ recipient }) => signedIn(await directory.callerFor((await directory.recipient(organisation, recipient))!)),
    audit,
    warnings,
    clock,
    run: (line, caller = system) => runLine(admin, caller, line, (text) => void warnings.push(text)),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** For `assert.rejects`: the refusal with this code and message. */
export function refusal(code: RefusalCode, message = /./): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof Refusal && error.code === code && message.test(error.message)) return true
    throw error
  }
}
