/** A message that is being written: what was written, what of it is saved, and what goes on with it, one thing after the other. */
import { ask, Refused, type Answer } from '../app/api.ts'
import { forget, holdToken, keep, keepOpen, type Kept } from './kept.ts'
import { upload } from './upload.ts'
import { nothing, type Written } from './written.ts'

export type DraftFile = Answer<'openDraft'>['attachments'][number]
export interface Uploading {
  id: number
  name: string
  size: number
  part: number
  error?: string
}

export interface DraftState {
  written: Written
  /** `conflict`: somebody else changed the draft; `gone`: it was deleted or sent elsewhere. */
  saving: 'unchanged' | 'changed' | 'saving' | 'saved' | 'failed' | 'conflict' | 'gone'
  files: readonly DraftFile[]
  uploading: readonly Uploading[]
  ref: { mailbox: string; id: number } | undefined
  /** When the site sends it, where it waits for that. */
  sendAt?: number | undefined
}

export interface DraftStart {
  mailbox: string
  token?: string
  ref?: { mailbox: string; id: number }
  change?: number
  written?: Written
  files?: readonly DraftFile[]
  sendAt?: number
  /** Written on another page before, and not saved. */
  kept?: Kept
  /** Made by answering: it goes when nothing is written. */
  made?: boolean
}

const pause = 1500
const retryAfter = 8000
const attempts = 6
/** This page, as drafts say who wrote last. */
const writer = crypto.randomUUID()

const addressOf = ({ mailbox, id }: { mailbox: string; id: number }, number: number): string =>
  `/owa/attachment/${encodeURIComponent(mailbox)}/${id}/${number}`

const isGone = (error: unknown): boolean => error instanceof Refused && error.code === 'ItemNotFound'

export type Draft = ReturnType<typeof createDraft>

/** Begins a draft, or goes on with one. */
export function createDraft(start: DraftStart) {
  let { change } = start.kept ?? start
  let token = start.kept?.token ?? start.token ?? crypto.randomUUID()
  let again = start.kept !== undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let isDirty = start.kept !== undefined
  let wasWritten = start.kept !== undefined
  let uploads = 0
  let shown = 0
  let isLetGo = false
  let release = holdToken(token)
  /** The name under which it is to go on by itself, from when that is wanted until it does. */
  let own: { token: string; release: () => void } | undefined
  const by = start.kept?.writer ?? writer
  /** Addresses of pictures that the text still has from the draft that this one was branched from. */
  const moved = new Map<string, string>()
  const changes = new EventTarget()
  let state: DraftState = {
    written: start.kept?.written ?? start.written ?? nothing,
    saving: isDirty ? 'changed' : 'unchanged',
    files: start.files ?? [],
    uploading: [],
    ref: start.kept?.ref ?? start.ref,
    sendAt: start.sendAt,
  }
  const set = (to: Partial<DraftState>): void => {
    state = { ...state, ...to }
    changes.dispatchEvent(new Event('change'))
  }
  /** Never two things at once: each knows the version that the one before it made. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work, work)
    turn = done.catch(() => undefined)
    return done
  }
  const schedule = (after = pause): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void save().catch(() => undefined), after)
  }
  const here = (html: string): string => [...moved].reduce((text, [from, to]) => text.replaceAll(`src="${from}"`, `src="${to}"`), html)
  const asKept = (): Kept => {
    const { ref, written } = state
    return { token, writer: by, mailbox: start.mailbox, ...(ref ? { ref } : {}), ...(change ? { change } : {}), written: { ...written, html: here(written.html) }, at: Date.now() } // prettier-ignore
  }
  /** A page that is loaded anew, as after an upgrade of the site, goes on with what was being written. */
  const leave = (): void => {
    if (wasWritten && !isLetGo) keepOpen(asKept())
  }

  async function saveNow(force = false): Promise<void> {
    clearTimeout(timer)
    if (!isDirty && !(force && !state.ref)) return
    const { written, ref } = state
    set({ saving: 'saving' })
    try {
      const draft = ref && change ? { draft: { ref, change } } : {}
      const saved = await ask('saveDraft', {
        ...draft,
        token,
        writer: by,
        again,
        written: { ...written, html: here(written.html) },
      })
      ;({ change } = saved)
      again = false
      isDirty = state.written !== written
      if (isDirty) schedule()
      else forget(token)
      // What is written on waits no more.
      set({ ref: saved.ref, saving: isDirty ? 'changed' : 'saved', sendAt: undefined })
    } catch (error) {
      const code = error instanceof Refused ? error.code : ''
      again ||= !(error instanceof Refused)
      const lost = code === 'IrresolvableConflict' || code === 'StaleObject' ? 'conflict' : code === 'ItemNotFound' ? 'gone' : 'failed'
      set({ saving: lost })
      // What is too long stays so until somebody writes on.
      if (lost === 'failed' && code !== 'MessageSizeExceeded') schedule(retryAfter)
      throw error
    }
  }
  const save = (force = false): Promise<void> => inTurn(() => saveNow(force))

  /** Nothing of it is kept by the browser any more. */
  const forgetAll = (): void => {
    forget(token)
    release()
    if (own) forget(own.token)
    own?.release()
    own = undefined
  }

  async function sendNow(at?: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await saveNow(true)
        await ask('sendDraft', { draft: state.ref!, change: change!, token, ...(at === undefined ? {} : { at }) })
        forgetAll()
        return
      } catch (error) {
        // Without an answer nobody knows whether it was sent: the same draft is sent again, and the site sends it once.
        if (attempt === attempts || (error instanceof Refused && error.status !== 503)) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.min(500 * 2 ** attempt, 8000)))
      }
    }
  }

  /** Throws it away. What the site refuses is thrown, and the draft goes on: one that is not there any more is `gone`. */
  async function discard(): Promise<void> {
    clearTimeout(timer)
    isLetGo = true
    try {
      await inTurn(async () => {
        if (state.ref && state.saving !== 'gone') await ask('discardDraft', { draft: state.ref })
      })
      forgetAll()
    } catch (error) {
      isLetGo = false
      if (isGone(error)) set({ saving: 'gone' })
      else if (isDirty && state.saving !== 'conflict') schedule()
      throw error
    }
  }

  /** Goes on under a name of its own. Until it does, what was written is kept under both: an attempt that gets no answer is made again under the same. */
  async function branch(): Promise<void> {
    const { ref, written, saving } = state
    const next = crypto.randomUUID()
    own ??= { token: next, release: holdToken(next) }
    const { ref: _, change: __, ...kept } = asKept()
    keep({ ...kept, token: own.token })
    isDirty = true
    let to: Partial<DraftState> = { ref: undefined, files: [], written: { ...state.written, quote: false } }
    if (saving === 'conflict' && ref) {
      const made = await ask('branchDraft', { draft: ref, token: own.token, writer: by, written: { ...written, html: here(written.html) } })
      for (const [there, here] of made.pictures) moved.set(addressOf(ref, there), addressOf(made.ref, here))
      ;({ change } = made)
      again = false
      to = { ref: made.ref, files: made.attachments }
    } else {
      change = undefined
      // An attempt before may have made it.
      again = true
    }
    forget(token)
    release()
    ;({ token, release } = own)
    own = undefined
    set(to)
    keep(asKept())
    await saveNow(true)
  }

  /** Saves what is left and lets go. An answer in which nothing was written goes. */
  async function close(): Promise<void> {
    if (start.made && !wasWritten) return discard()
    await save()
    release()
  }

  return {
    get token() {
      return token
    },
    state: () => state,
    subscribe(changed: () => void) {
      changes.addEventListener('change', changed)
      return () => changes.removeEventListener('change', changed)
    },
    write(to: Partial<Written>): void {
      const written = { ...state.written, ...to }
      isDirty = true
      wasWritten = true
      const isStuck = state.saving === 'conflict' || state.saving === 'gone'
      set({ written, ...(isStuck ? {} : { saving: 'changed' }) })
      keep(asKept())
      if (!isStuck) schedule()
    },
    save,
    /** Sends it, or lets it wait for its time. */
    send: (at?: number) => inTurn(() => sendNow(at)),
    /** Takes it back before its time: it is a draft like any other. */
    hold: () =>
      inTurn(async () => {
        if (state.ref) ({ change } = await ask('holdDraft', { draft: state.ref }))
        set({ sendAt: undefined })
      }),
    /** Goes on under a name of its own, with the files: what somebody else made of the draft stays beside it. Of one that is gone, its files are too. */
    branch: (): Promise<void> =>
      inTurn(branch).catch((error: unknown) => {
        // Said no, nothing was made: what is kept under the old name is enough.
        if (own && error instanceof Refused) forget(own.token)
        if (state.saving === 'conflict' && isGone(error)) set({ saving: 'gone' })
        throw error
      }),
    discard,
    /** Somebody writes on it, until the answer is called: then it is saved and stays among the drafts, unless it was let go. */
    show(): () => void {
      shown++
      isLetGo = false
      window.addEventListener('pagehide', leave)
      if (isDirty) schedule()
      return () => {
        shown--
        window.removeEventListener('pagehide', leave)
        // Strict mode takes a pane away and back at once.
        setTimeout(() => shown === 0 && !isLetGo && void close().catch(() => undefined))
      }
    },
    /** What becomes of it is somebody else's affair. */
    letGo: () => void (isLetGo = true),
    /** Gives up what was written here. */
    abandon(): void {
      clearTimeout(timer)
      isLetGo = true
      forgetAll()
    },
    /** Attaches a file; `inline` pictures are answered with the address at which they are shown. */
    attach(file: File, inline: boolean): Promise<string | undefined> {
      const id = ++uploads
      const stop = new AbortController()
      const tell = (to: Partial<Uploading>) => set({ uploading: state.uploading.map((one) => (one.id === id ? { ...one, ...to } : one)) })
      set({ uploading: [...state.uploading, { id, name: file.name, size: file.size, part: 0 }] })
      wasWritten = true
      return inTurn(async () => {
        try {
          await saveNow(true)
          const question = { draft: state.ref!, name: file.name || 'image.png', contentType: file.type, inline }
          const answer = await upload(file, question, { progress: (part) => tell({ part }), signal: stop.signal })
          ;({ change } = answer)
          set({ files: [...state.files, ...answer.files], uploading: state.uploading.filter((one) => one.id !== id), saving: 'saved' })
          return addressOf(state.ref!, answer.files[0]!.number)
        } catch (error) {
          again ||= !(error instanceof Refused)
          tell({ error: error instanceof Refused ? error.message : '' })
          return undefined
        }
      })
    },
    dismiss: (id: number) => set({ uploading: state.uploading.filter((one) => one.id !== id) }),
    detach: (number: number): Promise<void> =>
      inTurn(async () => {
        if (!state.ref) return
        ;({ change } = await ask('removeDraftFile', { draft: state.ref, number }))
        set({ files: state.files.filter((one) => one.number !== number) })
      }),
  }
}

/** What a draft of the site is begun with. */
export function startOf(mailbox: string, draft: Answer<'openDraft'>, made = false): DraftStart {
  const { token, ref, change, attachments, hasQuote, from, sendAt, ...written } = draft
  const { to, cc, bcc, subject, html, importance, readReceipt } = written
  return {
    ...{ mailbox, ref, change, made, files: attachments },
    ...(token ? { token } : {}),
    ...(sendAt === undefined ? {} : { sendAt }),
    written: { ...{ to, cc, bcc, subject, html, importance, readReceipt }, ...(from ? { from } : {}), quote: hasQuote },
  }
}
