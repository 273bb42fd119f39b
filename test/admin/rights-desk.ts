/** A desk with cmdlets that change recipients in the plainest way, for who may change whom. */
import { cmdlet, parameter as take, type CmdletContext } from '#admin'
import type { Recipient } from '#directory'
import { Refusal } from '#model'
import type { TestEngine } from '../support/engines.ts'
import { desk, type Desk } from './desk.ts'

async function named({ directory, organisation }: CmdletContext, identity: string): Promise<Recipient> {
  const found = await directory.find(identity, organisation)
  if (!found) throw new Refusal('ObjectNotFound', `There is no recipient '${identity}'.`)
  return found
}

const identity = take.mandatory(take.identity(), { position: 0 })

export const plainCmdlets = [
  cmdlet('Get-Mailbox', {
    summary: 'Shows mailboxes.',
    roles: ['Mail Recipients', 'View-Only Recipients'],
    parameters: { Identity: take.optional(take.identity(), { position: 0 }), Filter: take.optional(take.string()) },
    async run({ Identity }, context) {
      const { directory, organisation } = context
      const found = Identity === undefined ? await directory.list(organisation, ['UserMailbox'], '', 100) : [await named(context, Identity)]
      return found.map(({ alias }) => ({ Alias: alias }))
    },
  }),
  cmdlet('Set-Mailbox', {
    summary: 'Changes a mailbox.',
    roles: ['Mail Recipients'],
    parameters: {
      Identity: identity,
      DisplayName: take.optional(take.string()),
      ForwardingSmtpAddress: take.optional(take.string()),
      Office: take.optional(take.string()),
      Password: take.optional(take.secureString()),
      Size: take.optional(take.number(), { fallback: 7 }),
    },
    async run(args, context) {
      const { id } = await named(context, args.Identity)
      const changes = { ...(args.DisplayName ? { displayName: args.DisplayName } : {}), ...(args.Office ? { office: args.Office } : {}) }
      const { displayName } = await context.directory.update(context.organisation, id, changes)
      return { DisplayName: displayName, Size: args.Size }
    },
  }),
  cmdlet('Set-User', {
    summary: 'Changes a person.',
    roles: ['Mail Recipients'],
    parameters: { Identity: identity, Department: take.optional(take.string()), Phone: take.optional(take.string()) },
    async run({ Identity, Department, Phone }, context) {
      const { id } = await named(context, Identity)
      await context.directory.update(context.organisation, id, { ...(Department ? { department: Department } : {}), notes: Phone ?? '' })
    },
  }),
  cmdlet('New-Mailbox', {
    summary: 'Makes a mailbox.',
    roles: ['Mail Recipient Creation'],
    parameters: { Alias: take.mandatory(take.string(), { position: 0 }), Department: take.optional(take.string()) },
    async run({ Alias, Department }, { directory, organisation }) {
      await directory.create(organisation, {
        kind: 'UserMailbox',
        alias: Alias,
        displayName: Alias,
        ...(Department ? { department: Department } : {}),
      })
    },
  }),
  cmdlet('Remove-Mailbox', {
    summary: 'Takes a mailbox away.',
    roles: ['Mail Recipient Creation'],
    // Forgets to look whom it may change: the directory does.
    parameters: { Guid: take.mandatory(take.guid(), { position: 0 }) },
    run: ({ Guid }, { directory, organisation }) => directory.remove(organisation, Guid),
  }),
  cmdlet('Set-Password', {
    summary: 'Sets a password without looking whose.',
    roles: ['Mail Recipient Creation'],
    parameters: { Guid: take.mandatory(take.guid(), { position: 0 }) },
    async run({ Guid }, { directory, organisation }) {
      const found = (await directory.recipient(organisation, Guid))!
      // What a cmdlet hands over is not taken for what is stored.
      await directory.setPassword({ ...found, department: 'Sales' }, 'new')
      await directory.setPhoto({ ...found, department: 'Sales' }, undefined)
    },
  }),
  cmdlet('Add-DistributionGroupMember', {
    summary: 'Adds a member to a group.',
    roles: ['Distribution Groups'],
    parameters: { Identity: identity, Member: take.mandatory(take.identity(), { position: 1 }) },
    async run({ Identity, Member }, context) {
      const group = await named(context, Identity)
      const member = await named(context, Member)
      await context.directory.update(context.organisation, group.id, { members: [...group.members, member.id] })
    },
  }),
  cmdlet('Set-MailboxRegionalConfiguration', {
    summary: 'Changes what does not go through the directory.',
    roles: ['Mail Recipients'],
    parameters: { Identity: identity, Language: take.optional(take.string()) },
    run: async () => undefined,
  }),
]

export const rightsDesk = (engine?: TestEngine, outside: Parameters<typeof desk>[2] = {}): Promise<Desk> =>
  desk(engine, plainCmdlets, outside)

/** A group of these people. */
export async function groupOf({ directory, organisation }: Desk, alias: string, members: readonly string[]): Promise<string> {
  const { id } = await directory.create(organisation, { kind: 'DistributionGroup', alias, displayName: alias, members: [...members] })
  return id
}
