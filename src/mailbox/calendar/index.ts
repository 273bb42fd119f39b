export { changeOccurrence, deleteOccurrence, type MasterChange } from './change-occurrence.ts'
export { checkCalendarItem, type CalendarMaker } from './check-item.ts'
export {
  calendarView,
  isOccurrenceRow,
  occurrenceRow,
  occurrencesBetween,
  requireOccurrence,
  rowsBetween,
  type ListedOccurrence,
} from './occurrences.ts'
export { calendarSpan, seriesOf, zoneOfItem } from './series.ts'
