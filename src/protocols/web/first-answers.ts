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
/** Milliseconds that a page waits for what can be asked for later as well. */
const patience = 300

/** What the client asks before it can show an area: it comes with the page, and spares a round trip each. `folder`: of mail, by number. */
export async function firstAnswers(context: WebContext, area: string, folder?: string): Promise<FirstAnswers> {
  const session = await verbs.session.run(context, {})
  const first: FirstAnswers = { answers: [{ name: 'session', input: {}, answer: session }] }
  const { mailbox } = session
  if (!mailbox) return first
  const asked = addMailbox(first, context, mailbox, area === 'mail' ? Number(folder) : undefined)
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, patience).unref())])
  // What comes later is of no page any more.
  return { ...first, answers: [...first.answers] }
}

/** The client asks for itself what is refused here, and shows why. */
async function addMailbox(first: FirstAnswers, context: WebContext, mailbox: string, folder: number | undefined): Promise<void> {
  try {
    const { watermark } = await context.mailboxes.eventsSince(context.caller, { mailbox, watermark: 'now', limit: 1 })
    first.watermark = watermark
    if (folder !== undefined) await addMail(first.answers, context, folder)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** The folders, how mail is looked at, and the first messages of the folder that is shown: the inbox where there is none of that number. */
async function addMail(answers: Answered[], context: WebContext, folder: number): Promise<void> {
  const [folders, view] = await Promise.all([verbs.findFolders.run(context, {}), verbs.mailView.run(context, {})])
  answers.push({ name: 'findFolders', input: {}, answer: folders }, { name: 'mailView', input: {}, answer: view })
  const shown = folders.folders.find(({ ref }) => ref.id === folder) ?? folders.folders.find(({ kind }) => kind === 'inbox')
  if (!shown) return
  const input = { folder: shown.ref, offset: 0, limit: pageSize, everywhere: false, conversations: view.conversations }
  answers.push({ name: 'findMessages', input, answer: await verbs.findMessages.run(context, input) })
}
