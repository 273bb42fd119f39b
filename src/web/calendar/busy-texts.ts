const reminders = ['none', '0', '5', '15', '30', '60', '120', '1440', '10080'] as const
const shownAs = ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere'] as const
export const busyTexts = { Free: 'calendar.free', Tentative: 'calendar.tentative', Busy: 'calendar.busy', OOF: 'calendar.away', WorkingElsewhere: 'calendar.elsewhere', NoData: 'calendar.unknown' } as const // prettier-ignore
