import type { Recipient } from '#directory'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import type { Bag } from './change.ts'
import { recipientFor } from './find.ts'
import { disableArchive, withoutArchive } from './enable-archive.ts'
import { changing, creating, grouping, nouns, type Noun } from './nouns.ts'

const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })

/** Nouns that are disabled and removed, and what is left of one whose mail is taken away. */
const rows: readonly { noun: Noun; left: 'User' | 'Contact' | 'Group' }[] = [
  { noun: 'Mailbox', left: 'User' },
  { noun: 'MailUser', left: 'User' },
  { noun: 'RemoteMailbox', left: 'User' },
  { noun: 'MailContact', left: 'Contact' },
  { noun: 'DistributionGroup', left: 'Group' },
]

const rolesOf = (noun: Noun) => (noun === 'DistributionGroup' ? [...grouping, ...creating] : creating)
const bypass = (noun: Noun): take.Parameters =>
  noun === 'DistributionGroup' ? { BypassSecurityGroupManagerCheck: take.optional(take.switched()) } : {}

/** What a hold keeps is taken away by whoever says so alone. */
const holding = (noun: Noun): take.Parameters =>
  noun === 'Mailbox' ? { IgnoreLegalHold: take.optional(take.switched(), { summary: 'Although a hold keeps the mailbox.' }) } : {}

/** `Disable-`: takes the mail away and leaves the person, contact or group. Of a mailbox the content stays in the store, disconnected. */
export const disableRecipients: readonly Cmdlet[] = rows.map(({ noun, left }) =>
  cmdlet(`Disable-${noun}`, {
    summary: `Takes the mail of a ${nouns[noun].one} away and leaves the ${left.toLowerCase()}${noun === 'Mailbox' ? '; the content stays in the store' : ''}.`,
    roles: [...rolesOf(noun), ...changing],
    destroys: true,
    ...(noun === 'Mailbox' ? { dangerous: ['IgnoreLegalHold'] } : {}),
    parameters: {
      Identity: identity,
      ...holding(noun),
      ...(noun === 'Mailbox'
        ? { Archive: take.optional(take.switched(), { summary: 'The archive alone; what is in it stays in the store.' }) }
        : {}),
    },
    async run(args: Bag, context) {
      const recipient = await recipientFor(context, noun, String(args.Identity))
      const ignoreHold = args.IgnoreLegalHold === true
      if (args.Archive === true) return disableArchive(context, recipient, ignoreHold)
      const { id } = recipient
      await context.directory.update(context.organisation, id, (current) => withoutMailOf(current, left), { ignoreHold })
    },
  }),
)

function withoutMailOf(current: Recipient, left: 'User' | 'Contact' | 'Group'): Partial<Recipient> {
  const { DisconnectedMailbox: _, ...kept } = withoutArchive(current).kept ?? {}
  return {
    kind: left,
    mailbox: '',
    archive: undefined,
    externalAddress: undefined,
    remoteMailbox: undefined,
    forwardTo: undefined,
    forwardingAddress: undefined,
    deliverAndForward: undefined,
    fullAccess: [],
    sendAs: [],
    sendOnBehalf: [],
    noAutoMapping: undefined,
    quotas: undefined,
    mailTip: undefined,
    mailTipTranslations: undefined,
    acceptMessagesOnlyFrom: undefined,
    rejectMessagesFrom: undefined,
    // By this the content is found again.
    kept: current.mailbox ? { ...kept, DisconnectedMailbox: current.mailbox } : kept,
  }
}

/** `Remove-`: takes it away with its account. Of a mailbox the content stays in the store, disconnected, unless `-Permanent` says otherwise. */
export const removeRecipients: readonly Cmdlet[] = rows.map(({ noun }) =>
  cmdlet(`Remove-${noun}`, {
    summary: `Removes a ${nouns[noun].one}${noun === 'Mailbox' ? ' with its account; the content stays in the store unless -Permanent is said' : ''}.`,
    roles: rolesOf(noun),
    destroys: true,
    ...(noun === 'Mailbox' ? { dangerous: ['IgnoreLegalHold'] } : {}),
    parameters: {
      Identity: identity,
      ...bypass(noun),
      ...holding(noun),
      ...(noun === 'Mailbox'
        ? {
            Permanent: take.optional(take.boolean(), { summary: 'The content goes too, for ever.' }),
            PublicFolder: take.optional(take.switched(), {
              summary: 'Of public folders: it goes with what it holds. The one with the hierarchy goes last, and empty.',
            }),
          }
        : {}),
    },
    async run(args: Bag, context) {
      const { types, apart = [] } = nouns[noun]
      const isPublic = args.PublicFolder === true
      const { id } = await recipientFor(context, noun, String(args.Identity), isPublic ? apart : types)
      await context.directory.remove(context.organisation, id, {
        content: isPublic || args.Permanent === true,
        ignoreHold: args.IgnoreLegalHold === true,
      })
    },
  }),
)
