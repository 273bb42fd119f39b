import { verbs } from './verbs.ts'
import type { WebContext } from './verb.ts'

/** What the client asks before it can show anything: it comes with the page, and spares a round trip each. By the name of the question. */
export const firstAnswers = async (context: WebContext) => ({ session: await verbs.session.run(context, {}) })
