import type { EwsVerb } from '../../verb.ts'
import { getReminders } from './get-reminders.ts'
import { performReminderAction } from './perform-reminder-action.ts'

export const reminderVerbs: readonly EwsVerb[] = [getReminders, performReminderAction]
