import { calendarProcessingOf, isResource, type CalendarProcessing } from '#mailbox'
import { permissionLevels, Refusal } from '#model'
import { findRecipient } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'
import { changedOptions, flag, parametersOf, shownOptions, text, whole, word, type Options } from './options.ts'

const name = 'Set-CalendarProcessing'
const setting = 'calendarProcessing'
const largest = 2_147_483_647

/** What the delivery of invitations acts upon. */
const acted: Options = {
  AutomateProcessing: word(['None', 'AutoUpdate', 'AutoAccept'], 'AutoUpdate'),
  AllowConflicts: flag(false),
  BookingWindowInDays: whole(0, 1080, 180),
  MaximumDurationInMinutes: whole(0, largest, 1440),
  AllowRecurringMeetings: flag(true),
  EnforceSchedulingHorizon: flag(true),
  ScheduleOnlyDuringWorkHours: flag(false),
  ForwardRequestsToDelegates: flag(true),
  DeleteComments: flag(true),
  RemovePrivateProperty: flag(true),
  DeleteSubject: flag(true),
  AddOrganizerToSubject: flag(true),
  TentativePendingApproval: flag(true),
  AllRequestOutOfPolicy: flag(false),
  AllBookInPolicy: flag(true),
  AllRequestInPolicy: flag(false),
  AddAdditionalResponse: flag(false),
  AdditionalResponse: text(8192),
  AddNewRequestsTentatively: flag(true),
  ProcessExternalMeetingMessages: flag(false),
}

/** What is kept and not acted upon; `usual` is what is done all the same. */
const kept: Options = {
  ConflictPercentageAllowed: whole(0, 100, 0),
  MaximumConflictInstances: whole(0, largest, 0),
  DeleteAttachments: flag(true),
  DeleteNonCalendarItems: flag(false),
  EnableResponseDetails: flag(false),
  OrganizerInfo: flag(false),
  RemoveOldMeetingMessages: flag(false),
  RemoveForwardedMeetingNotifications: flag(false),
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
      returns: 'CalendarConfiguration',
      async run(args, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, args.Identity, 'see')
        const settings = await mailboxes.settings(caller, mailbox)
        const processing = calendarProcessingOf(settings, recipient.kind)
        const shown: Record<string, unknown> = { ...shownOptions({ ...acted, ...kept }, processing) }
        for (const list of lists) shown[list] = await namesOf(context, processing[list])
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
          if (change !== undefined) changes.set(list, change && (await idsOf(context, list, change)))
        }
        if (changes.has('ResourceDelegates')) await changeDelegates(needs, context, open, changes.get('ResourceDelegates')!)
        await mailboxes.changeSetting(open.caller, open.mailbox, setting, (current) => {
          const next = changedOptions({ ...acted, ...kept }, current, given)
          for (const [list, change] of changes)
            next[list] = listAfter(list, (current as Partial<CalendarProcessing> | undefined)?.[list] ?? [], change)
          return next
        })
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

async function idsOf(context: CmdletContext, parameter: string, change: take.ListChange<string>): Promise<take.ListChange<string>> {
  const ids = async (names: readonly string[]) => {
    const found: string[] = []
    for (const each of names.slice(0, mostPeople + 1)) {
      const recipient = await findRecipient(context, each)
      if (!recipient) throw new Refusal('ObjectNotFound', `-${parameter}: there is nobody called '${each.slice(0, 100)}'.`, { parameter })
      found.push(recipient.id)
    }
    return found
  }
  return Array.isArray(change) ? ids(change) : { Add: await ids(change.Add), Remove: await ids(change.Remove) }
}

function listAfter(parameter: string, current: readonly string[], change: take.ListChange<string> | null): string[] {
  const next = change === null ? [] : [...new Set(take.changedList(current, change))]
  if (next.length <= mostPeople) return next
  throw new Refusal('InvalidParameter', `-${parameter} has more than ${mostPeople} entries; name a group.`, { parameter })
}

async function namesOf({ directory, organisation }: CmdletContext, ids: readonly string[]): Promise<string[]> {
  const names: string[] = []
  for (const id of ids) names.push((await directory.recipient(organisation, id))?.displayName ?? id)
  return names
}

/** Who decides for a resource may answer in its calendar: Editor there, and sending on its behalf; who no longer does may not. */
async function changeDelegates(
  { mailboxes }: MailboxNeeds,
  { directory, organisation }: CmdletContext,
  { recipient, caller, mailbox }: OpenMailbox,
  change: take.ListChange<string> | null,
): Promise<void> {
  const settings = await mailboxes.settings(caller, mailbox)
  const before = calendarProcessingOf(settings, recipient.kind).ResourceDelegates
  const after = listAfter('ResourceDelegates', before, change)
  const gone = new Set(before.filter((id) => !after.includes(id)))
  const sendOnBehalf = [...new Set([...recipient.sendOnBehalf, ...after])].filter((id) => !gone.has(id))
  await directory.update(organisation, recipient.id, { sendOnBehalf })
  const calendar = { mailbox, kind: 'calendar' }
  const { row } = await mailboxes.getFolder(caller, calendar)
  const isNamed = (id: string) => row.permissions.some(({ user }) => user === id)
  for (const user of gone) if (isNamed(user)) await mailboxes.changeFolderPermission(caller, calendar, { user, how: 'remove' })
  for (const user of after) {
    await mailboxes.changeFolderPermission(caller, calendar, { user, how: isNamed(user) ? 'set' : 'add', rights: permissionLevels.Editor })
  }
}
