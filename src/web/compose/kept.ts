/** What was written and is not saved at the site yet, kept by the browser: it survives a page that is closed, and a session that is over. */
import type { Written } from './written.ts'

export interface Kept {
  token: string
  writer: string
  mailbox: string
  ref?: { mailbox: string; id: number }
  change?: number
  written: Written
  at: number
}

const prefix = 'isthmus.draft.'

/** Full or forbidden storage keeps nothing: the text is still on the page. */
export function keep(one: Kept): void {
  try {
    localStorage.setItem(prefix + one.token, JSON.stringify(one))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

export const forget = (token: string): void => localStorage.removeItem(prefix + token)

const openNow = 'isthmus.writing'

/** What is open when the page goes: the next page of the same tab begins with it. */
export const keepOpen = (one: Kept): void => sessionStorage.setItem(openNow, JSON.stringify(one))

/** What was open on the page before this one in the same tab, told once. */
export function takeOpen(mailbox: string): Kept | undefined {
  const one = JSON.parse(sessionStorage.getItem(openNow) ?? 'null') as Kept | null
  sessionStorage.removeItem(openNow)
  return one?.mailbox === mailbox ? one : undefined
}

/** Says that this page is writing under the token, as long as it is open; the answer says that it does so no more. */
export function holdToken(token: string): () => void {
  const held = Promise.withResolvers<void>()
  void navigator.locks.request(prefix + token, () => held.promise)
  return held.resolve
}

/** What is kept of a mailbox and is not being written on any page. */
export async function keptOf(mailbox: string): Promise<Kept[]> {
  const { held = [] } = await navigator.locks.query()
  const busy = new Set(held.map(({ name }) => name))
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix) && !busy.has(key))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null)
    .filter((one): one is Kept => one?.mailbox === mailbox)
    .toSorted((a, b) => b.at - a.at)
}
