import { mailVerbs } from './mail/verbs.ts'
import { recoverVerbs } from './recover/verbs.ts'
import { sessionVerbs } from './session.ts'
import type { ApiOf } from './verb.ts'

/** Everything that the browser client can ask for. */
export const verbs = {
  ...sessionVerbs,
  ...mailVerbs,
  ...recoverVerbs,
}

/** What each verb takes and answers, by its name. */
export type WebApi = ApiOf<typeof verbs>
