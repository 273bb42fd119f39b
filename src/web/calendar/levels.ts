/** What each level of a calendar's permissions is called. */
export const levels = { None: 'calendar.levelNone', FreeBusyTimeOnly: 'calendar.levelTime', FreeBusyTimeAndSubjectAndLocation: 'calendar.levelDetails', Reviewer: 'calendar.levelRead', Author: 'calendar.levelAuthor', Editor: 'calendar.levelEdit', Owner: 'calendar.levelOwner' } as const // prettier-ignore
