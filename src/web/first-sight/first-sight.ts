/**
 * What people see while the client itself is still being loaded: the messages that came with the page, as the list will show them. It is a
 * picture: the client draws over it as soon as it can, and answers to nothing before.
 */
import { speak } from '../app/culture.ts'
import { cameWith } from '../app/first-answer.ts'
import { isDark } from '../app/look.ts'
import { painted } from '../app/painted.ts'
import { inShort } from '../app/times.ts'
import './first-sight.css'

/** Rows of the tallest screen. */
const mostRows = 30

/** Draws, and waits until it is painted. */
export async function firstSight(root: Element): Promise<void> {
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light'
  const session = cameWith('session')
  if (!session) return
  speak([session.culture, ...navigator.languages])
  const bar = part('bar', session.organisation)
  const found = cameWith('findMessages')
  // Where a message is open there is more to see than this knows.
  const list =
    found && location.pathname.split('/').length < 5 ? [folders(), part('list', ...found.messages.slice(0, mostRows).map(row))] : []
  root.replaceChildren(part(`whole ${cameWith('mailView')?.readingPane ?? ''}`, bar, part('rail'), ...list))
  await painted()
}

type Messages = NonNullable<ReturnType<typeof cameWith<'findMessages'>>>['messages']

function row({ from, to, subject, preview, received, isRead, messages }: Messages[number]): Element {
  const who = from?.name || from?.address || to || ''
  const count = messages > 1 ? part('quiet', `(${messages})`) : ''
  const subjectLine = part(
    'line',
    part('cut subject', subject ?? ''),
    count,
    part('quiet when', received === undefined ? '' : inShort(received)),
  )
  const lines = [part('line', part('cut who', who)), subjectLine, part('line', part('cut quiet', preview ?? ''))]
  return part(isRead ? 'row' : 'row fresh', part('face'), part('text', ...lines))
}

/** The names of the default folders, with what is unread in each. */
function folders(): Element {
  const known = cameWith('findFolders')?.folders ?? []
  const shown = kinds.flatMap((kind) => known.filter((folder) => folder.kind === kind))
  return part(
    'folders',
    ...shown.map(({ name, unread }) => part('folder', part('cut', name), unread > 0 ? part('quiet', String(unread)) : '')),
  )
}
const kinds = ['inbox', 'drafts', 'sentitems', 'archive', 'junkemail', 'deleteditems']

function part(names: string, ...inner: (Element | string)[]): Element {
  const made = document.createElement('div')
  made.className = names.split(' ').filter(Boolean).map((name) => `sight-${name}`).join(' ') // prettier-ignore
  made.append(...inner)
  return made
}
