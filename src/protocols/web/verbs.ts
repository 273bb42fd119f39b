import { adminVerbs } from './admin/verbs.ts'
import { composeVerbs } from './compose/verbs.ts'
import { calendarVerbs } from './calendar/verbs.ts'
import { mailVerbs } from './mail/verbs.ts'
import { noteVerbs } from './notes/verbs.ts'
import { optionVerbs } from './options/verbs.ts'
import { peopleVerbs } from './people/verbs.ts'
import { recoverVerbs } from './recover/verbs.ts'
import { sessionVerbs } from './session.ts'
import { taskVerbs } from './tasks/verbs.ts'
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
  ...peopleVerbs,
  ...recoverVerbs,
  ...noteVerbs,
  ...optionVerbs,
  ...taskVerbs,
}

/** What each verb takes and answers, by its name. */
export type WebApi = ApiOf<typeof verbs>
