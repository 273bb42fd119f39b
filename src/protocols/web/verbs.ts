import { adminVerbs } from './admin/verbs.ts'
import { composeVerbs } from './compose/verbs.ts'
import { calendarVerbs } from './calendar/verbs.ts'
import { mailVerbs } from './mail/verbs.ts'
import { sessionVerbs } from './session.ts'
import type { ApiOf } from './verb.ts'
import { wizardVerbs } from './wizard/verbs.ts'

/** Everything that the browser client can ask for. */
export const verbs = {
  ...sessionVerbs,
  ...mailVerbs,
  ...wizardVerbs,
  ...adminVerbs,
  ...composeVerbs,
  ...calendarVerbs,
}

/** What each verb takes and answers, by its name. */
export type WebApi = ApiOf<typeof verbs>
