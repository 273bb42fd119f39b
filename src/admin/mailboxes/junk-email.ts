import { junkEmailOf, mostBlocked, mostTrusted } from '#mailbox'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds } from './mailbox-for.ts'
import { changedOptions, flag, parametersOf, shownOptions, texts, warnOfKept, type Options } from './options.ts'

const name = 'Set-MailboxJunkEmailConfiguration'
// prettier-ignore
const options: Options = {
  Enabled: flag(true, 'Whether the junk mail rule is on.'),
  TrustedListsOnly: flag(false, 'Whether mail of others than the trusted is junk.'),
  ContactsTrusted: flag(false, 'Whether the contacts are trusted.'),
  TrustedSendersAndDomains: texts(mostTrusted, 'Addresses and domains whose mail is no junk.'),
  TrustedRecipientsAndDomains: texts(mostTrusted, 'Addresses and domains to which mail is no junk.'),
  BlockedSendersAndDomains: texts(mostBlocked, 'Addresses and domains whose mail is junk.'),
}

/** The junk mail rule of a mailbox, by which delivery goes, and the lists of trusted and blocked senders, to which MarkAsJunk adds. */
export function junkEmailCmdlets({ mailboxes }: MailboxNeeds): Cmdlet[] {
  const Identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
  return [
    cmdlet('Get-MailboxJunkEmailConfiguration', {
      summary: 'Shows the junk mail rule and the lists of trusted and blocked senders of a mailbox.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: { Identity },
      returns: 'MailboxJunkEmailConfiguration',
      async run(args, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, args.Identity, 'see')
        const settings = await mailboxes.settings(caller, mailbox)
        return { Identity: identity, MailboxOwnerId: recipient.displayName, ...shownOptions(options, junkEmailOf(settings)) }
      },
    }),
    cmdlet(name, {
      summary: 'Sets the junk mail rule and the lists of trusted and blocked senders of a mailbox.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: { Identity, ...parametersOf(options) },
      async run(args, context) {
        const { caller, mailbox } = await mailboxFor(context, args.Identity, 'change')
        await mailboxes.changeSetting(caller, mailbox, 'junkEmail', (current) =>
          changedOptions(options, junkEmailOf({ junkEmail: current }), args),
        )
        warnOfKept(context, name, args, ['TrustedRecipientsAndDomains'])
      },
    }),
  ]
}
