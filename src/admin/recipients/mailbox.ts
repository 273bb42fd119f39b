import type { Mailboxes } from '#mailbox'
import { Refusal } from '#model'
import type { RecipientKind } from '#directory'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { enableArchive, newArchive, usualArchiveName } from './enable-archive.ts'
import { enabled, enableParameters, newParameters, newRecipient } from './make-recipient.ts'
import { withoutMail } from './new-mail-recipients.ts'
import { changing, creating } from './nouns.ts'
import { shownRecipient } from './shown.ts'

const sorts = {
  Shared: 'SharedMailbox',
  Room: 'RoomMailbox',
  Equipment: 'EquipmentMailbox',
  Discovery: 'DiscoveryMailbox',
  PublicFolder: 'PublicFolderMailbox',
} as const
const refused = ['Arbitration', 'AuditLog', 'LinkedRoom'] as const
/** What a discovery mailbox holds at most, in bytes, as Exchange makes them. */
const discoveryQuota = 50 * 1024 ** 3
const on = () => take.optional(take.switched())
const switches = {
  Shared: on(),
  Room: on(),
  Equipment: on(),
  PublicFolder: on(),
  Discovery: take.optional(take.switched(), { summary: 'A mailbox that takes what searches find; nobody mails to it.' }),
  Archive: take.optional(take.switched(), { summary: 'With an archive: a second mailbox of the same owner.' }),
  ...Object.fromEntries(refused.map((name) => [name, on()])),
  Database: take.optional(take.string(), { summary: 'Taken and without effect: the store is one.' }),
} as const

/** `New-Mailbox` and `Enable-Mailbox`, which make the folders of a mailbox too. */
export function mailboxMakers(mailboxes: Pick<Mailboxes, 'provision' | 'provisionArchive' | 'provisionPublicFolders'>): readonly Cmdlet[] {
  const { provision, provisionArchive, provisionPublicFolders } = mailboxes
  return [
    cmdlet('New-Mailbox', {
      summary: 'Makes a mailbox here with its account: for a person, or a shared, room, equipment, discovery or public folder mailbox.',
      roles: creating,
      parameters: {
        ...newParameters('Mailbox'),
        ...switches,
        UserPrincipalName: take.optional(take.string()),
        MicrosoftOnlineServicesID: take.optional(take.string()),
        Password: take.optional(take.secureString()),
      },
      returns: 'Mailbox',
      examples: [
        {
          command:
            "New-Mailbox 'Tom Berg' -Alias tom -UserPrincipalName tom@contoso.com -Password (ConvertTo-SecureString 'Sommer 2030 in Bremen!' -AsPlainText -Force)",
          says: 'Makes a person with a mailbox; Read-Host -AsSecureString asks for the password instead.',
        },
        { command: "New-Mailbox 'Room 3' -Room -ResourceCapacity 12", says: 'Makes a room that can be booked.' },
        { command: "New-Mailbox 'Contoso Support' -Shared -Alias support", says: 'Makes a mailbox that several people open.' },
        {
          command: "New-Mailbox 'Public Folders' -PublicFolder",
          says: 'Makes a public folder mailbox: the first one holds the hierarchy of them all.',
        },
        { command: "New-Mailbox 'Case 7' -Discovery", says: 'Makes a mailbox that takes what searches of mailboxes find.' },
      ],
      async run(args, context) {
        const kind = kindOf('New-Mailbox', args)
        const upn = args.UserPrincipalName ?? args.MicrosoftOnlineServicesID
        requireFitting(kind, upn !== undefined, args.Password !== undefined)
        const input = await newRecipient('Mailbox', kind, args, context, {
          ...(upn ? { userPrincipalName: upn } : {}),
          ...(kind === 'UserMailbox' ? {} : { accountDisabled: true }),
          ...(kind === 'PublicFolderMailbox' || kind === 'DiscoveryMailbox' ? { hiddenFromAddressLists: true } : {}),
          ...(kind === 'DiscoveryMailbox' ? { quotas: { prohibitSend: discoveryQuota, prohibitSendReceive: discoveryQuota } } : {}),
          ...(args.Archive === true ? (await newArchive(context, usualArchiveName(args.Name)))({}) : {}),
        })
        const made = await context.directory.create(context.organisation, input)
        if (args.Password !== undefined) await context.directory.setPassword(made, args.Password)
        if (made.publicFolders) {
          await provisionPublicFolders(context.organisation, made.publicFolders, { hierarchy: made.publicFolderRoot === true })
        } else await provision(context.organisation, made.mailbox)
        if (made.archive) await provisionArchive(made)
        return shownRecipient('Mailbox', made, context)
      },
    }),
    cmdlet('Enable-Mailbox', {
      summary: 'Gives somebody with an account here a mailbox, or -Archive to whoever has one.',
      roles: [...creating, ...changing],
      parameters: { ...enableParameters(), ...switches, ArchiveName: take.optional(take.string()) },
      examples: [{ command: 'Enable-Mailbox mary -Archive', says: 'Gives Mary an archive beside her mailbox.' }],
      returns: 'Mailbox',
      async run(args, context) {
        if (args.Archive === true) return enableArchive(context, mailboxes, args.Identity, args.ArchiveName)
        const kind = kindOf('Enable-Mailbox', args)
        const parameter = kind === 'PublicFolderMailbox' ? 'PublicFolder' : kind === 'DiscoveryMailbox' ? 'Discovery' : undefined
        if (parameter) {
          const message = `-${parameter} of Enable-Mailbox is not here: New-Mailbox -${parameter} makes one.`
          throw new Refusal('InvalidParameter', message, { parameter })
        }
        const person = await withoutMail(context, args.Identity, ['User', 'MailUser'])
        const changes = await enabled(args, person, context)
        const changed = await context.directory.update(context.organisation, person.id, {
          ...changes,
          kind,
          externalAddress: undefined,
          ...(kind === 'UserMailbox' ? {} : { accountDisabled: true }),
        })
        await provision(context.organisation, changed.mailbox)
        return shownRecipient('Mailbox', changed, context)
      },
    }),
  ]
}

function kindOf(name: string, args: Readonly<Record<string, unknown>>): RecipientKind {
  for (const other of refused) {
    if (args[other] === true) {
      throw new Refusal('InvalidParameter', `-${other} of ${name} is not here: this server has no such mailboxes.`, { parameter: other })
    }
  }
  const chosen = (Object.keys(sorts) as (keyof typeof sorts)[]).filter((sort) => args[sort] === true)
  if (chosen.length > 1)
    throw new Refusal('InvalidParameter', `-Shared, -Room, -Equipment, -Discovery and -PublicFolder of ${name} exclude each other.`, {
      cmdlet: name,
    })
  return chosen[0] ? sorts[chosen[0]] : 'UserMailbox'
}

/** A person's mailbox needs an account to sign in with; one of public folders has none. */
function requireFitting(kind: RecipientKind, isNamed: boolean, hasPassword: boolean): void {
  const detail = { cmdlet: 'New-Mailbox' }
  if (kind === 'UserMailbox' && !(isNamed && hasPassword)) {
    const message =
      'New-Mailbox needs -UserPrincipalName and -Password, except with -Shared, -Room, -Equipment, -Discovery or -PublicFolder.'
    throw new Refusal('InvalidParameter', message, detail)
  }
  if (kind === 'PublicFolderMailbox' && (isNamed || hasPassword)) {
    const message = 'Nobody signs in as a public folder mailbox: leave -UserPrincipalName and -Password out.'
    throw new Refusal('InvalidParameter', message, detail)
  }
}
