/** A transport with its cmdlets: mail comes in by SMTP, goes to another server in process, and is looked after in between. */
import assert from 'node:assert/strict'
import { runLine } from '../support/run-line.ts'
import { randomBytes } from 'node:crypto'
import { createAccess, createRoles } from '#access'
import { createAdmin, mailFlowCmdlets } from '#admin'
import { createConfiguration, type Configuration } from '#directory'
import { systemCaller } from '#model'
import type { Store } from '#store'
import { createKeyRing, openVault } from '#trust'
import type { TransportConfig } from '#transport'
import { startSmtp } from '#protocols/smtp'
import { mailSite, message, start, submission, to, type MailSite } from '../mail/mail-site.ts'
import { dial } from '../mail/smtp-client.ts'
import { testCertificate } from '../mail/test-certificate.ts'

type Bag = Record<string, unknown>

export interface FlowDesk extends AsyncDisposable {
  site: MailSite
  configuration: Configuration
  warnings: string[]
  /** One command line as the system. */
  run(line: string): Promise<Bag[]>
  /** The same, for objects that a cmdlet has given. */
  invoke(name: string, args: Bag): Promise<Bag[]>
  /** Mary sends, as a client does that has signed in. */
  submit(subject: string, ...recipients: string[]): Promise<void>
  /** A stranger's server sends by SMTP; answers its last reply. */
  receive(subject: string, ...recipients: string[]): Promise<string>
}

export async function flowDesk(store: Store, config: Partial<TransportConfig> = {}): Promise<FlowDesk> {
  const vault = await openVault({ random: randomBytes })
  const now = { at: start }
  const configuration = createConfiguration({ store, clock: () => now.at, random: randomBytes, ...vault })
  const keyRing = createKeyRing({ store, vault, clock: () => now.at })
  const site = await mailSite(store, config, undefined, { configuration, keyRing, clock: () => now.at })
  site.now = now
  const warnings: string[] = []
  const defects: unknown[] = []
  const needs = { store, directory: site.directory, clock: () => now.at, random: randomBytes }
  const roles = createRoles(needs)
  const admin = createAdmin({
    ...{ ...needs, roles, configuration, keyRing },
    more: mailFlowCmdlets(site.transport),
    audit: () => undefined,
  })
  const caller = systemCaller(site.organisation)
  const options = { warn: (text: string) => void warnings.push(text) }
  const access = createAccess({
    directory: site.directory,
    roles,
    clock: () => now.at,
    wait: async () => undefined,
    audit: () => undefined,
    realm: 'x',
  })
  const smtp = await startSmtp({
    kind: 'inbound',
    transport: site.transport,
    access,
    tls: await testCertificate(),
    host: '127.0.0.1',
    port: 0,
    served: () => undefined,
    defect: (error) => void defects.push(error),
  })
  return {
    site,
    configuration,
    warnings,
    run: (line) => runLine(admin, caller, line, options.warn),
    invoke: async (name, args) => (await Array.fromAsync(admin.invoke(caller, name, args, options))) as Bag[],
    async submit(subject, ...recipients) {
      const bytes = Buffer.from(message(subject).toString().replace('sender@fabrikam.example', 'mary@contoso.com'))
      await site.transport.accept(
        bytes,
        { ...to(...recipients), sender: 'mary@contoso.com' },
        await site.caller(site.people.mary),
        submission,
      )
    },
    async receive(subject, ...recipients) {
      await using line = await dial(smtp.port)
      await line.say('EHLO mx.fabrikam.example')
      await line.say('MAIL FROM:<sender@fabrikam.example>')
      for (const one of recipients) await line.say(`RCPT TO:<${one}>`)
      await line.say('DATA')
      return await line.send(message(subject))
    },
    async [Symbol.asyncDispose]() {
      await smtp.close(200)
      await site[Symbol.asyncDispose]()
      assert.deepEqual(defects, [])
    },
  }
}

/** A next hop in process that answers for these domains. */
export const hop = (port: number, ...domains: string[]) => ({
  domains,
  hosts: ['127.0.0.1'],
  port,
  tls: 'opportunistic' as const,
  name: 'Out',
})
