/** A terminal made of the page: what was shown, and what is asked. */
import type { StreamKind, Style, Terminal } from '#shell'

export interface Piece {
  text: string
  kind: StreamKind | 'output' | 'input'
  style?: Style
}

/** A question of the shell to the person. */
export interface Asked {
  prompt: string
  isSecret: boolean
  answer: (text: string | undefined) => void
}

export interface Screen {
  pieces: readonly Piece[]
  asked?: Asked
  /** How far long work is. */
  progress?: string
}

export interface BrowserTerminal extends Terminal {
  subscribe: (changed: () => void) => () => void
  screen: () => Screen
  /** How many characters a line has now. */
  measure: (width: () => number) => void
  show: (piece: Piece) => void
}

const prefixes: Readonly<Record<StreamKind, string>> = { error: '', warning: 'WARNING: ', verbose: 'VERBOSE: ', debug: 'DEBUG: ', information: '' } // prettier-ignore
/** Pieces and characters that stay; older ones go. */
const mostPieces = 2000
const mostText = 2_000_000

export function createBrowserTerminal(): BrowserTerminal {
  const listeners = new Set<() => void>()
  let screen: Screen = { pieces: [] }
  let next = screen
  let due = false
  let width = () => 120

  /** What is written quickly is shown together. */
  function change(changed: Screen): void {
    next = changed
    if (due) return
    due = true
    setTimeout(() => {
      due = false
      screen = next
      for (const listener of listeners) listener()
    }, 16)
  }
  function show(piece: Piece): void {
    const last = next.pieces.at(-1)
    const isSame = last?.kind === piece.kind && piece.kind === 'output' && !last.style && !piece.style && last.text.length < 20_000
    const pieces = isSame ? [...next.pieces.slice(0, -1), { ...last, text: last.text + piece.text }] : [...next.pieces, piece]
    let size = pieces.reduce((sum, { text }) => sum + text.length, 0)
    while (pieces.length > mostPieces || (size > mostText && pieces.length > 1)) size -= pieces.shift()?.text.length ?? 0
    change({ ...next, pieces })
  }
  function ask(prompt: string, isSecret: boolean, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const stopped = () => {
        change(without(next, 'asked'))
        reject(signal.reason as Error)
      }
      const answer = (text: string | undefined) => {
        signal.removeEventListener('abort', stopped)
        show({ kind: 'input', text: `${prompt}${isSecret ? '*'.repeat(8) : (text ?? '')}\n` })
        change(without(next, 'asked'))
        resolve(text)
      }
      if (signal.aborted) return stopped()
      signal.addEventListener('abort', stopped, { once: true })
      change({ ...next, asked: { prompt, isSecret, answer } })
    })
  }
  return {
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    screen: () => screen,
    measure: (measured) => void (width = measured),
    show,
    get width() {
      return width()
    },
    write: (text, style) => show({ kind: 'output', text, ...(style ? { style } : {}) }),
    say: (kind, text) => show({ kind, text: `${prefixes[kind]}${text}\n` }),
    progress: ({ activity, status, done }) => change(done ? without(next, 'progress') : { ...next, progress: [activity, status].filter(Boolean).join(': ') }), // prettier-ignore
    readLine: (prompt, signal) => ask(prompt, false, signal),
    readSecret: (prompt, signal) => ask(prompt, true, signal),
    clear: () => change({ ...next, pieces: [] }),
  }
}

function without(screen: Screen, name: 'asked' | 'progress'): Screen {
  const { [name]: _, ...rest } = screen
  return rest
}
