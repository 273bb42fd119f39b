import type { OutOfOffice } from '#mailbox'
import { Refusal, type Instant } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, refuseLeftOut, requireShort, type MailboxNeeds } from './mailbox-for.ts'

const day = 86_400_000
/** Characters of a reply. */
const longestReply = 128 * 1024
const name = 'Set-MailboxAutoReplyConfiguration'
const notThere = { summary: 'Is not there yet.' }
/** What of Exchange's parameters is not there; switched off they are as if they were not said. */
const leftOut = {
  AutoDeclineFutureRequestsWhenOOF: take.optional(take.boolean(), notThere),
  CreateOOFEvent: take.optional(take.boolean(), notThere),
  DeclineAllEventsForScheduledOOF: take.optional(take.boolean(), notThere),
  DeclineEventsForScheduledOOF: take.optional(take.boolean(), notThere),
  DeclineMeetingMessage: take.optional(take.string(), notThere),
  EventsToDeleteIDs: take.optional(take.list(take.string()), notThere),
  OOFEventSubject: take.optional(take.string(), notThere),
} as const

/** Out of office: the same settings as EWS's SetUserOofSettings. */
export function autoReplyCmdlets({ mailboxes }: MailboxNeeds): Cmdlet[] {
  return [
    cmdlet('Get-MailboxAutoReplyConfiguration', {
      summary: 'Shows the automatic replies of a mailbox.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
      returns: 'MailboxAutoReplyConfiguration',
      async run({ Identity }, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, Identity, 'see')
        const { outOfOffice } = await mailboxes.settings(caller, mailbox)
        return {
          Identity: identity,
          MailboxOwnerId: recipient.displayName,
          ...shown(outOfOffice as OutOfOffice | undefined, context.clock()),
        }
      },
    }),
    cmdlet(name, {
      summary: 'Sets the automatic replies of a mailbox. Times without a zone are UTC.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: {
        Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
        AutoReplyState: take.optional(take.oneOf(['Disabled', 'Enabled', 'Scheduled'])),
        StartTime: take.optional(take.instant()),
        EndTime: take.optional(take.instant()),
        InternalMessage: take.optional(take.nullable(take.string()), {
          summary: 'HTML for people of the organisation; `$null` = no answer.',
        }),
        ExternalMessage: take.optional(take.nullable(take.string()), { summary: 'HTML for everybody else; `$null` = no answer.' }),
        ExternalAudience: take.optional(take.oneOf(['None', 'Known', 'All'])),
        ...leftOut,
      },
      examples: [
        {
          command:
            "Set-MailboxAutoReplyConfiguration mary -AutoReplyState Scheduled -StartTime '7/10/2030 08:00' -EndTime '7/15/2030 17:00' -InternalMessage 'Back on Monday.'",
          says: 'Lets Mary’s mailbox answer for some days.',
        },
      ],
      async run(args, context) {
        refuseLeftOut(name, args, Object.keys(leftOut))
        const { caller, mailbox } = await mailboxFor(context, args.Identity, 'change')
        await mailboxes.changeSetting(caller, mailbox, 'outOfOffice', (current) =>
          changed(current as OutOfOffice | undefined, args, context.clock()),
        )
      },
    }),
  ]
}

/** What holds before anybody set it, as EWS shows it ([MS-OXWOOF] 3.1.4.1). */
function usual(now: Instant): OutOfOffice & { start: Instant; end: Instant } {
  const start = now - (now % day)
  return { state: 'Disabled', externalAudience: 'All', start, end: start + day }
}

function shown(stored: OutOfOffice | undefined, now: Instant): object {
  const { start } = usual(now)
  return {
    AutoReplyState: stored?.state ?? 'Disabled',
    StartTime: new Date(stored?.start ?? start),
    EndTime: new Date(stored?.end ?? (stored?.start ?? start) + day),
    InternalMessage: stored?.internalReply?.message ?? '',
    ExternalMessage: stored?.externalReply?.message ?? '',
    ExternalAudience: stored?.externalAudience ?? 'All',
  }
}

interface Given {
  AutoReplyState?: OutOfOffice['state']
  StartTime?: Instant
  EndTime?: Instant
  InternalMessage?: string | null
  ExternalMessage?: string | null
  ExternalAudience?: OutOfOffice['externalAudience']
}

function changed(stored: OutOfOffice | undefined, given: Given, now: Instant): OutOfOffice {
  const { internalReply, externalReply, ...before } = stored ?? { ...usual(now), internalReply: undefined, externalReply: undefined }
  const next: OutOfOffice = {
    ...before,
    ...(given.AutoReplyState ? { state: given.AutoReplyState } : {}),
    ...(given.ExternalAudience ? { externalAudience: given.ExternalAudience } : {}),
    ...(given.StartTime === undefined ? {} : { start: given.StartTime }),
    ...(given.EndTime === undefined ? {} : { end: given.EndTime }),
  }
  const inside = replyAfter('InternalMessage', internalReply, given.InternalMessage)
  const outside = replyAfter('ExternalMessage', externalReply, given.ExternalMessage)
  const timesSaid = given.StartTime !== undefined || given.EndTime !== undefined
  if ((timesSaid || next.state === 'Scheduled') && (next.start === undefined || next.end === undefined || next.end <= next.start)) {
    throw new Refusal('InvalidScheduledOofDuration', '-EndTime must lie behind -StartTime; a scheduled reply needs both.', {
      parameter: 'EndTime',
    })
  }
  return { ...next, ...(inside ? { internalReply: inside } : {}), ...(outside ? { externalReply: outside } : {}) }
}

function replyAfter(
  parameter: string,
  current: OutOfOffice['internalReply'],
  message: string | null | undefined,
): OutOfOffice['internalReply'] {
  if (message === undefined) return current
  return message ? { ...current, message: requireShort(parameter, message, longestReply) } : undefined
}
