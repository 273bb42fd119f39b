/** What the parts of mail share: the folders, how they are looked at, what can be done, and the dialogs. */
import { createContext, use, type ReactNode } from 'react'
import type { Answer, Question } from '../app/api.ts'

export type Folder = Answer<'findFolders'>['folders'][number]
export type Row = Answer<'findMessages'>['messages'][number]
export type Message = Answer<'message'>
export type View = Answer<'mailView'>
export type Action = Question<'actOnMessages'>['action']
export type FolderAction = Question<'actOnFolder'>['action']
export type ViewChanges = Question<'saveMailView'>
export type ItemPlace = { mailbox: string; id: number }

export interface MailTools {
  folders: readonly Folder[]
  view: View
  saveView(changes: ViewChanges): void
  /** The branches of the tree that are open: another folder is chosen without closing them. */
  openBranches: { current: ReadonlySet<string | number> }
  /** Shows the outcome at once; what was refused is told and comes back. */
  act(rows: readonly Actable[], action: Action): Promise<void>
  /** Takes back what was moved or deleted last, as long as that is offered and nothing else was done since. */
  undo(): void
  /** Something else was done: what was moved before is not taken back any more. */
  forgetMoved(): void
  actOnFolder(folder: Pick<Folder, 'ref'>, action: FolderAction): Promise<void>
  /** Asks before it does what cannot be taken back. */
  ask(question: { title: string; text: string; yes: string; onYes: () => void }): void
  show(dialog: ReactNode): void
  /** Uses what is not there at the first look, once it is: a dialog that opens empty would have nothing that takes the focus. Tells where it cannot be loaded. */
  later(use: (parts: LaterParts) => void): void
}

export type LaterParts = typeof import('./later.ts')

/** What something is done to: messages, or all of a conversation that lie in the folder. */
export type Actable = Pick<Row, 'items'>

export const MailContext = createContext<MailTools | undefined>(undefined)

export function useMail(): MailTools {
  const tools = use(MailContext)
  if (!tools) throw new Error('mail is shown inside of its context')
  return tools
}

/** What tells rows apart: the conversation, else the message. */
export const keyOf = ({ conversation, ref }: Row): string => conversation ?? String(ref.id)

export const isMailFolder = ({ folderClass }: Folder): boolean =>
  folderClass === null || folderClass === 'IPF.Note' || folderClass.startsWith('IPF.Note.')

/** Default folders in the order in which people look for them; the others follow by name. */
const order = ['inbox', 'drafts', 'sentitems', 'archive', 'junkemail', 'deleteditems']
const rank = ({ kind }: Folder) => (order.includes(kind) ? order.indexOf(kind) : order.length)
export const byRank = (a: Folder, b: Folder): number => rank(a) - rank(b) || a.name.localeCompare(b.name)
