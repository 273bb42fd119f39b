export * from './calendar.ts'
export * from './format.ts'
export { parseICalendar, icalendarLimits, type ICalendarReading } from './parse.ts'
