import { calendarVerbs } from './calendar/verbs.ts'
import { mailVerbs } from './mail/verbs.ts'
import { sessionVerbs } from './session.ts'
import type { ApiOf } from './verb.ts'

/** Everything that the browser client can ask for. */
export const verbs = {
  ...sessionVerbs,
  ...mailVerbs,
  ...calendarVerbs,
}

/** What each verb takes and answers, by its name. */
export type WebApi = ApiOf<typeof verbs>
