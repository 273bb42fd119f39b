import { Refusal } from '#model'
import type { WebContext } from './verb.ts'
import { verbs, type WebApi } from './verbs.ts'

/** A question that the client would ask first, with its answer. */
type Answered = { [Name in keyof WebApi]: { name: Name; input: WebApi[Name]['input']; answer: WebApi[Name]['output'] } }[keyof WebApi]

/** What comes with a page. */
export interface FirstAnswers {
  answers: Answered[]
  /** Where the mailbox stood before anything was asked of it: the stream of events goes on from there. */
  watermark?: number
}

/** Rows of the first page of a list of messages, as the client asks for them. */
const pageSize = 100

/** What the client asks before it can show anything: it comes with the page, and spares a round trip each. */
export async function firstAnswers(context: WebContext, pathname: string): Promise<FirstAnswers> {
  const session = await verbs.session.run(context, {})
  const answers: Answered[] = [{ name: 'session', input: {}, answer: session }]
  const { mailbox } = session
  if (!mailbox) return { answers }
  const { watermark } = await context.mailboxes.eventsSince(context.caller, { mailbox, watermark: 'now', limit: 1 })
  const [, , area = '', folder] = pathname.split('/')
  try {
    if (area === '' || area === 'mail') answers.push(...(await mailAnswers(context, Number(folder))))
  } catch (error) {
    // The client asks for itself, and shows why it is refused.
    if (!(error instanceof Refusal)) throw error
  }
  return { answers, watermark }
}

/** The folders, how mail is looked at, and the first messages of the folder that is shown. */
async function mailAnswers(context: WebContext, folder: number): Promise<Answered[]> {
  const [folders, view] = await Promise.all([verbs.findFolders.run(context, {}), verbs.mailView.run(context, {})])
  const answers: Answered[] = [
    { name: 'findFolders', input: {}, answer: folders },
    { name: 'mailView', input: {}, answer: view },
  ]
  const shown = folders.folders.find(({ ref }) => ref.id === folder) ?? folders.folders.find(({ kind }) => kind === 'inbox')
  if (!shown) return answers
  const input = { folder: shown.ref, offset: 0, limit: pageSize, everywhere: false, conversations: view.conversations }
  return [...answers, { name: 'findMessages', input, answer: await verbs.findMessages.run(context, input) }]
}
