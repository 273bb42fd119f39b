import { itemEntryId, itemOfEntryId, type ItemTimeline, type TimelineEvent, type TimelineOf } from '#mailbox'
import { Refusal } from '#model'
import { mailboxFor, type MailboxNeeds } from '../mailboxes/mailbox-for.ts'
import { nameOf } from '../recipients/find.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const name = 'Get-ItemTimeline'

/** What became of one item. */
export function timelineCmdlets({ mailboxes }: Pick<MailboxNeeds, 'mailboxes'>): Cmdlet[] {
  return [
    cmdlet(name, {
      summary: 'Shows what became of an item: made, changed, moved, deleted, recovered, purged, when, by whom, and with which client.',
      roles: ['Audit Logs', 'View-Only Audit Logs', 'MyBaseOptions'],
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'The mailbox; without it one’s own.' }),
        EntryID: take.optional(take.string(), { summary: 'The item, as Search-MailboxAuditLog and Get-RecoverableItems name it.' }),
        InternetMessageId: take.optional(take.string(), { summary: 'The Message-ID of the message; each copy has a timeline of its own.' }),
      },
      returns: 'ItemTimelineEvent',
      examples: [
        {
          command: `Search-MailboxAuditLog mary -ShowDetails | Where-Object ItemId | ForEach-Object { ${name} mary -EntryID $_.ItemId }`,
          says: 'Shows what became of each item of Mary’s that somebody changed.',
        },
      ],
      async run({ Identity, EntryID, InternetMessageId }, context) {
        const { recipient, mailbox, caller } = await mailboxFor(context, Identity, 'see')
        // Who searches mailboxes for the organisation is told of their own what they are told of others'.
        const searches = context.rights?.grants.some(({ role, everywhere }) => everywhere && role.root === 'Mailbox Search') === true
        const asking = searches ? { ...caller, discovers: true } : caller
        const found = await mailboxes.itemTimeline(asking, questionOf(mailbox, EntryID, InternetMessageId))
        return found.flatMap((timeline) => timeline.events.map((event) => shown(timeline, event, { mailbox, owner: nameOf(recipient) })))
      },
    }),
  ]
}

function questionOf(mailbox: string, entryId: string | undefined, messageId: string | undefined): TimelineOf {
  if ((entryId === undefined) === (messageId === undefined)) {
    throw new Refusal('InvalidParameter', `${name} needs -EntryID or -InternetMessageId, and not both.`, { parameter: 'EntryID' })
  }
  if (entryId === undefined) return { mailbox, messageId: (messageId ?? '').trim() }
  const named = itemOfEntryId(entryId)
  if (!named) throw new Refusal('InvalidParameter', '-EntryID must be 48 hexadecimal digits.', { parameter: 'EntryID' })
  if (named.mailbox !== mailbox) throw new Refusal('ItemNotFound', 'The EntryID is of an item of another mailbox.')
  return { mailbox, item: named.item }
}

const shown = (timeline: ItemTimeline, event: TimelineEvent, { mailbox, owner }: { mailbox: string; owner: string }) => ({
  Mailbox: owner,
  Time: new Date(event.at),
  Event: event.deed,
  By: event.who?.name || event.who?.address || '',
  ByAddress: event.who?.address ?? '',
  LogonType: event.logon ?? '',
  OnBehalfOf: event.as ?? '',
  ClientInfoString: event.client ?? '',
  ClientIPAddress: event.remoteAddress ?? '',
  FromFolder: event.from ?? '',
  ToFolder: event.to ?? '',
  ChangedProperties: [...(event.changed ?? [])],
  Source: event.source,
  ItemSubject: timeline.subject,
  ItemClass: timeline.itemClass,
  InternetMessageId: timeline.messageId,
  ItemKey: timeline.key,
  EntryID: timeline.now ? itemEntryId(mailbox, timeline.now.item) : '',
  CurrentFolder: timeline.now?.path ?? '',
  // Nothing where the caller is not to know.
  IsHeld: timeline.now ? (timeline.now.held ?? null) : false,
  KeptUntil: timeline.now?.keptUntil === undefined ? null : new Date(timeline.now.keptUntil),
})
