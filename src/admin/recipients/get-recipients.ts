import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import {
  mailboxNoun,
  mailContactNoun,
  mailUserNoun,
  recipientFor,
  recipientsOf,
  remoteMailboxNoun,
  usualResultSize,
  type RecipientNoun,
} from './find.ts'
import { shownRecipient } from './shown.ts'

const summaries: readonly [RecipientNoun, string][] = [
  [mailboxNoun, 'Lists mailboxes here, or shows the one named.'],
  [remoteMailboxNoun, 'Lists people whose mailbox is on the other side of the organisation, or shows the one named.'],
  [mailUserNoun, 'Lists people with an account here and mail elsewhere, or shows the one named.'],
  [mailContactNoun, 'Lists contacts with mail elsewhere, or shows the one named.'],
]

/** `Get-Mailbox`, `Get-RemoteMailbox`, `Get-MailUser` and `Get-MailContact`: one by any of its identities, or all, page by page. */
export const getRecipients: readonly Cmdlet[] = summaries.map(([noun, summary]) =>
  cmdlet(`Get-${noun.noun}`, {
    summary,
    roles: ['Mail Recipients', 'Mail Recipient Creation', 'View-Only Recipients'],
    parameters: {
      Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
      ResultSize: take.optional(take.count(), { fallback: usualResultSize }),
    },
    returns: noun.noun,
    async *run({ Identity, ResultSize = usualResultSize }, context) {
      if (Identity !== undefined) yield shownRecipient(await recipientFor(context, noun, Identity), context)
      else for await (const recipient of recipientsOf(context, noun, ResultSize)) yield shownRecipient(recipient, context)
    },
  }),
)
