import { daysOfWeek, minute, Refusal, TimeSpan, usualHours, type DayOfWeek, type WorkingHours } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds } from './mailbox-for.ts'
import { changedOptions, flag, parametersOf, shownOptions, warnOfKept, whole, word, type Options } from './options.ts'
import { checkedZone } from './regional-configuration.ts'

const name = 'Set-MailboxCalendarConfiguration'
/** Minutes of a day. */
const wholeDay = 1440

/** What is kept for the clients, beside the working hours. */
// prettier-ignore
const options: Options = {
  DefaultReminderTime: whole(0, 20_160, 15, 'How long before an event the reminder comes.'),
  FirstWeekOfYear: word(['LegacyNotSet', 'FirstDay', 'FirstFourDayWeek', 'FirstFullWeek'], 'FirstDay', 'Which week of the year is the first.'),
  ReminderSoundEnabled: flag(true, 'Whether reminders make a sound.'),
  RemindersEnabled: flag(true, 'Whether reminders are shown.'),
  ShowWeekNumbers: flag(false, 'Whether weeks are shown with their numbers.'),
  TimeIncrement: word(['FifteenMinutes', 'ThirtyMinutes'], 'ThirtyMinutes', 'How finely the day is divided.'),
  UseBrightCalendarColorThemeInOwa: flag(false, 'Whether the calendar has bright colours.'),
  WeekStartDay: word(daysOfWeek, 'Sunday', 'The day that a week begins with.'),
}
const { DefaultReminderTime: _, ...keptAsGiven } = parametersOf(options)

const weekdays: readonly DayOfWeek[] = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']
const weekend: readonly DayOfWeek[] = ['Sunday', 'Saturday']
const several: Readonly<Record<string, readonly DayOfWeek[]>> = { None: [], Weekdays: weekdays, WeekEndDays: weekend, AllDays: daysOfWeek }

/** When somebody works, which free/busy shows (the mailbox setting `workingHours`), and how the calendar looks. */
export function calendarConfigurationCmdlets({ mailboxes }: MailboxNeeds): Cmdlet[] {
  const Identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
  return [
    cmdlet('Get-MailboxCalendarConfiguration', {
      summary: 'Shows the working hours of a mailbox and how its calendar looks.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: { Identity },
      returns: 'MailboxCalendarConfiguration',
      async run(args, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, args.Identity, 'see')
        const settings = await mailboxes.settings(caller, mailbox)
        const { DefaultReminderTime, ...shown } = shownOptions(options, settings.calendarConfiguration)
        return {
          Identity: identity,
          MailboxOwnerId: recipient.displayName,
          ...shownHours(hoursOf(settings.workingHours, settings.timeZone)),
          DefaultReminderTime: new TimeSpan(Number(DefaultReminderTime) * minute),
          ...shown,
        }
      },
    }),
    cmdlet(name, {
      summary: 'Sets the working hours of a mailbox, which free/busy shows, and how its calendar looks.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: {
        Identity,
        WorkDays: take.optional(take.list(take.string()), { summary: 'Days (`Monday,Tuesday`), or None, Weekdays, WeekEndDays, AllDays.' }),
        WorkingHoursStartTime: take.optional(take.timeSpan(), { summary: 'When the working day begins.' }),
        WorkingHoursEndTime: take.optional(take.timeSpan(), { summary: 'When the working day ends.' }),
        WorkingHoursTimeZone: take.optional(take.string(), { summary: 'As Windows names it.' }),
        DefaultReminderTime: take.optional(take.timeSpan(), { summary: 'How long before an event the reminder comes.' }),
        ...keptAsGiven,
      },
      examples: [
        {
          command:
            'Set-MailboxCalendarConfiguration mary -WorkDays Monday,Tuesday,Wednesday -WorkingHoursStartTime 09:00 -WorkingHoursEndTime 15:30',
          says: 'Mary works three days a week.',
        },
      ],
      async run(args, context) {
        const { caller, mailbox } = await mailboxFor(context, args.Identity, 'change')
        const {
          WorkDays,
          WorkingHoursStartTime: start,
          WorkingHoursEndTime: end,
          WorkingHoursTimeZone,
          DefaultReminderTime: reminder,
        } = args
        const timeZone = WorkingHoursTimeZone === undefined ? undefined : checkedZone(WorkingHoursTimeZone, 'WorkingHoursTimeZone')
        const days = WorkDays && daysFrom(WorkDays)
        const kept = { ...args, DefaultReminderTime: reminder && minutesOf('DefaultReminderTime', reminder) }
        if (days || start || end || timeZone) {
          const settings = await mailboxes.settings(caller, mailbox)
          const said = {
            ...(days ? { days } : {}),
            ...(start ? { start: minutesOf('WorkingHoursStartTime', start) } : {}),
            ...(end ? { end: minutesOf('WorkingHoursEndTime', end) } : {}),
          }
          await mailboxes.changeSetting(caller, mailbox, 'workingHours', (current) =>
            changedHours(hoursOf(current, settings.timeZone), said, timeZone),
          )
        }
        await mailboxes.changeSetting(caller, mailbox, 'calendarConfiguration', (current) => changedOptions(options, current, kept))
        warnOfKept(context, name, kept, Object.keys(options))
      },
    }),
  ]
}

function hoursOf(stored: unknown, timeZone: unknown): WorkingHours {
  return (stored as WorkingHours | undefined) ?? usualHours(typeof timeZone === 'string' ? timeZone : 'UTC')
}

function shownHours({ timeZone, periods }: WorkingHours): object {
  const days = daysOfWeek.filter((day) => periods.some((period) => period.days.includes(day)))
  const together = Object.entries(several).find(([, each]) => each.length === days.length && each.every((day) => days.includes(day)))
  const [first] = periods
  return {
    WorkDays: together ? together[0] : days.join(', '),
    WorkingHoursStartTime: new TimeSpan((first?.start ?? 0) * minute),
    WorkingHoursEndTime: new TimeSpan((first?.end ?? 0) * minute),
    WorkingHoursTimeZone: timeZone,
  }
}

/** The cmdlet knows one period on all working days, as Exchange's does. */
function changedHours(
  current: WorkingHours,
  said: { days?: DayOfWeek[]; start?: number; end?: number },
  timeZone: string | undefined,
): WorkingHours {
  const days = daysOfWeek.filter((day) => current.periods.some((period) => period.days.includes(day)))
  const [first = { start: 0, end: wholeDay }] = current.periods
  const period = { days, start: first.start, end: first.end, ...said }
  if (period.end > period.start) return { timeZone: timeZone ?? current.timeZone, periods: [period] }
  throw new Refusal('InvalidParameter', '-WorkingHoursEndTime must lie behind -WorkingHoursStartTime on the same day.', {
    parameter: 'WorkingHoursEndTime',
  })
}

function minutesOf(parameter: string, { ms }: TimeSpan): number {
  const minutes = ms / minute
  const most = parameter === 'DefaultReminderTime' ? 14 * wholeDay : wholeDay
  if (Number.isInteger(minutes) && minutes >= 0 && minutes <= most) return minutes
  throw new Refusal('InvalidParameter', `-${parameter} is a number of whole minutes from 00:00:00 to ${new TimeSpan(most * minute)}.`, {
    parameter,
  })
}

function daysFrom(words: readonly string[]): DayOfWeek[] {
  const found = new Set<DayOfWeek>()
  for (const one of words.flatMap((each) => each.split(',')).map((each) => each.trim().toLowerCase())) {
    const day = daysOfWeek.find((each) => each.toLowerCase() === one)
    const together = Object.entries(several).find(([each]) => each.toLowerCase() === one)?.[1]
    if (!day && !together) {
      const known = [...Object.keys(several), ...daysOfWeek].join(', ')
      throw new Refusal('InvalidParameter', `-WorkDays: '${one.slice(0, 40)}' is none of ${known}.`, { parameter: 'WorkDays' })
    }
    for (const each of day ? [day] : together!) found.add(each)
  }
  return daysOfWeek.filter((day) => found.has(day))
}
