/** What each kind of busy time is called. */
export const busyTexts = { Free: 'calendar.free', Tentative: 'calendar.tentative', Busy: 'calendar.busy', OOF: 'calendar.away', WorkingElsewhere: 'calendar.elsewhere', NoData: 'calendar.unknown' } as const // prettier-ignore
