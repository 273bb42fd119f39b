import { calendarProcessingOf, isResource, type CalendarProcessing } from '#mailbox'
import { Refusal } from '#model'
import { idsOf, namesOfAll } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'
import { changedOptions, flag, parametersOf, shownOptions, text, whole, word, type Options } from './options.ts'

const name = 'Set-CalendarProcessing'
const largest = 2_147_483_647

/** What the delivery of invitations acts upon. */
// prettier-ignore
const acted: Options = {
  AutomateProcessing: word(['None', 'AutoUpdate', 'AutoAccept'], 'AutoUpdate', 'None: invitations are left alone; AutoUpdate: they are filed as tentative; AutoAccept: a resource answers them.'),
  AllowConflicts: flag(false, 'Whether it can be booked where it is taken.'),
  BookingWindowInDays: whole(0, 1080, 180, 'How many days ahead it can be booked.'),
  ConflictPercentageAllowed: whole(0, 100, 0, 'How many in a hundred of a series may be taken; the others are booked then.'),
  MaximumConflictInstances: whole(0, largest, 0, 'How many of a series may be taken; the others are booked then.'),
  MaximumDurationInMinutes: whole(0, largest, 1440, 'How long a booking may be; 0 = as long as one likes.'),
  AllowRecurringMeetings: flag(true, 'Whether series can be booked.'),
  EnforceSchedulingHorizon: flag(true, 'Whether a series that ends beyond the booking window is declined.'),
  ScheduleOnlyDuringWorkHours: flag(false, 'Whether it can be booked during working hours alone.'),
  ForwardRequestsToDelegates: flag(true, 'Whether its delegates are told of what waits for them.'),
  DeleteComments: flag(true, 'Whether the calendar leaves the text of bookings out.'),
  RemovePrivateProperty: flag(true, 'Whether bookings are never private.'),
  RemoveForwardedMeetingNotifications: flag(false, 'Whether notices of forwarded meetings go to Deleted Items.'),
  DeleteSubject: flag(true, 'Whether the calendar leaves the subject of bookings out.'),
  AddOrganizerToSubject: flag(true, 'Whether the calendar shows who booked as the subject.'),
  TentativePendingApproval: flag(true, 'Whether what waits for a delegate stands as tentative, else as free.'),
  AllRequestOutOfPolicy: flag(false, 'Whether everybody may ask a delegate for what the rules do not allow.'),
  AllBookInPolicy: flag(true, 'Whether everybody books by the rules.'),
  AllRequestInPolicy: flag(false, 'Whether everybody may ask a delegate by the rules.'),
  AddAdditionalResponse: flag(false, 'Whether answers say more.'),
  AdditionalResponse: text(8192, '', 'What answers say more.'),
  AddNewRequestsTentatively: flag(true, 'Whether new invitations are filed as tentative.'),
  ProcessExternalMeetingMessages: flag(false, 'Whether people from outside can book it.'),
}

/** What is kept and not acted upon; `usual` is what is done all the same. */
// prettier-ignore
const kept: Options = {
  DeleteAttachments: flag(true, 'Whether the calendar leaves attachments of bookings out. It does.'),
  DeleteNonCalendarItems: flag(false, 'Whether other mail is deleted. Kept alone.'),
  EnableResponseDetails: flag(false, 'Whether answers say why. They do. Kept alone.'),
  OrganizerInfo: flag(false, 'Whether declined organizers are told who has it. Kept alone.'),
  RemoveOldMeetingMessages: flag(false, 'Whether old meeting messages are deleted. Kept alone.'),
}

/** Lists of people: kept as their GUIDs. */
const lists = ['ResourceDelegates', 'BookInPolicy', 'RequestInPolicy', 'RequestOutOfPolicy'] as const
const people = () => take.optional(take.nullable(take.listChange(take.identity())))
const mostPeople = 1000

/** How a mailbox takes invitations, above all a room. */
export function calendarProcessingCmdlets(needs: MailboxNeeds): Cmdlet[] {
  const { mailboxes } = needs
  const Identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
  return [
    cmdlet('Get-CalendarProcessing', {
      summary: 'Shows how a mailbox takes invitations: whether it answers them itself, and by which rules.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: { Identity },
      returns: 'CalendarProcessing',
      async run(args, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, args.Identity, 'see')
        const settings = await mailboxes.settings(caller, mailbox)
        const processing = calendarProcessingOf(settings, recipient.kind)
        const shown: Record<string, unknown> = { ...shownOptions({ ...acted, ...kept }, processing) }
        for (const list of lists) shown[list] = await namesOfAll(context, processing[list])
        return { Identity: identity, MailboxOwnerId: recipient.displayName, ...shown }
      },
    }),
    cmdlet(name, {
      summary: 'Sets how a mailbox takes invitations: whether it answers them itself, and by which rules.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: {
        Identity,
        ...parametersOf(acted),
        ...parametersOf(kept),
        ResourceDelegates: people(),
        BookInPolicy: people(),
        RequestInPolicy: people(),
        RequestOutOfPolicy: people(),
      },
      examples: [
        {
          command:
            'Set-CalendarProcessing room1 -AutomateProcessing AutoAccept -AllBookInPolicy $false -AllRequestInPolicy $true -ResourceDelegates ann',
          says: 'Bookings of the room wait until Ann accepts them.',
        },
      ],
      async run(args, context) {
        const open = await mailboxFor(context, args.Identity, 'change')
        const given = args as Readonly<Record<string, unknown>>
        requireResource(open, given)
        const changes = new Map<(typeof lists)[number], take.ListChange<string> | null>()
        for (const list of lists) {
          const change = args[list]
          if (change !== undefined) changes.set(list, change && (await peopleIn(context, change)))
        }
        const made = (current: Partial<CalendarProcessing> | undefined) => {
          const next = changedOptions({ ...acted, ...kept }, current, given)
          for (const [list, change] of changes) next[list] = listAfter(list, current?.[list] ?? [], change)
          return next as Partial<CalendarProcessing>
        }
        await mailboxes.changeCalendarProcessing(open.caller, open.mailbox, made, { delegates: changes.has('ResourceDelegates') })
        warnOfWhatIsNot(context, given)
      },
    }),
  ]
}

function requireResource({ recipient }: OpenMailbox, given: Readonly<Record<string, unknown>>): void {
  if (isResource(recipient.kind)) return
  const wrong =
    given.AutomateProcessing === 'AutoAccept' ? 'AutomateProcessing AutoAccept' : given.ResourceDelegates ? 'ResourceDelegates' : undefined
  if (wrong) {
    throw new Refusal('InvalidParameter', `-${wrong} is for rooms and equipment; '${recipient.displayName}' is a ${recipient.kind}.`, {
      parameter: wrong.split(' ')[0]!,
    })
  }
}

function warnOfWhatIsNot({ warn }: CmdletContext, given: Readonly<Record<string, unknown>>): void {
  const said = Object.entries(kept).filter(([option, { usual }]) => given[option] !== undefined && given[option] !== usual)
  if (said.length > 0) warn(`${name} keeps ${said.map(([option]) => `-${option}`).join(', ')}; nothing acts upon it yet.`)
  if (given.EnforceSchedulingHorizon === false) warn('A series that reaches beyond the booking window is booked whole, not cut at its end.')
}

async function peopleIn(context: CmdletContext, change: take.ListChange<string>): Promise<take.ListChange<string>> {
  const ids = (names: readonly string[]) => idsOf(context, names.slice(0, mostPeople + 1))
  return Array.isArray(change) ? ids(change) : { Add: await ids(change.Add), Remove: await ids(change.Remove) }
}

function listAfter(parameter: string, current: readonly string[], change: take.ListChange<string> | null): string[] {
  const next = change === null ? [] : [...new Set(take.changedList(current, change))]
  if (next.length <= mostPeople) return next
  throw new Refusal('InvalidParameter', `-${parameter} has more than ${mostPeople} entries; name a group.`, { parameter })
}
