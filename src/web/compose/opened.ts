/** What is being written on this page, and what is on its way. */
import { useSyncExternalStore } from 'react'
import type { Draft } from './draft.ts'
import type { Kept } from './kept.ts'

type ItemRef = { mailbox: string; id: number }
export type Opening =
  | { kind: 'new' }
  | { kind: 'answer'; item: ItemRef; how: 'reply' | 'replyAll' | 'forward' }
  | { kind: 'attached'; items: ItemRef[] }
  | { kind: 'draft'; item: ItemRef }
  | { kind: 'kept'; kept: Kept }
  | { kind: 'live'; draft: Draft }

export interface Leaving {
  draft: Draft
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  /** When the site is to send it; absent = now. */
  at?: number
  error?: string
}

const undoFor = 5000
const shownFor = 4000
const changes = new EventTarget()
interface Shown {
  opened: { key: number; opening: Opening } | undefined
  leaving: readonly Leaving[]
  count: number
}
const shown: Shown = { opened: undefined, leaving: [], count: 0 }
const timers = new WeakMap<Draft, ReturnType<typeof setTimeout>>()

function tell(): void {
  changes.dispatchEvent(new Event('change'))
}
function subscribe(changed: () => void): () => void {
  changes.addEventListener('change', changed)
  return () => changes.removeEventListener('change', changed)
}

/** Begins to write, or goes on. What is open already is saved and stays in Drafts. */
export function openCompose(opening: Opening): void {
  shown.opened = { key: ++shown.count, opening }
  tell()
}
export function closeCompose(): void {
  shown.opened = undefined
  tell()
}
export const useOpened = () => useSyncExternalStore(subscribe, () => shown.opened)
export const useLeaving = () => useSyncExternalStore(subscribe, () => shown.leaving)

const change = (draft: Draft, to: Partial<Leaving>): void => {
  shown.leaving = shown.leaving.map((one) => (one.draft === draft ? { ...one, ...to } : one))
  tell()
}
export function dismiss(draft: Draft): void {
  shown.leaving = shown.leaving.filter((one) => one.draft !== draft)
  tell()
}

/** Sends in a moment, until when it can be taken back. Until then it is a draft: a page that is closed loses nothing. */
export function sendSoon(draft: Draft): void {
  shown.leaving = [...shown.leaving.filter((one) => one.draft !== draft), { draft, state: 'waiting' }]
  closeCompose()
  void draft.save(true).catch(() => undefined)
  timers.set(
    draft,
    setTimeout(() => void sendNow(draft), undoFor),
  )
}

/** Lets it wait for its time at the site. */
export function sendLater(draft: Draft, at: number): void {
  shown.leaving = [...shown.leaving.filter((one) => one.draft !== draft), { draft, state: 'sending', at }]
  closeCompose()
  void sendNow(draft)
}

export async function sendNow(draft: Draft): Promise<void> {
  change(draft, { state: 'sending' })
  const at = shown.leaving.find((one) => one.draft === draft)?.at
  try {
    await draft.send(at)
    change(draft, { state: 'sent' })
    setTimeout(() => dismiss(draft), shownFor)
  } catch (error) {
    change(draft, { state: 'failed', error: (error as Error).message })
  }
}

/** Takes it back and goes on writing. */
export function undoSend(draft: Draft): void {
  clearTimeout(timers.get(draft))
  dismiss(draft)
  openCompose({ kind: 'live', draft })
}

window.addEventListener('beforeunload', (event) => {
  if (shown.leaving.some(({ state }) => state === 'waiting' || state === 'sending')) event.preventDefault()
})
