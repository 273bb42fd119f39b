import type { CmdletContext, ProgressRecord } from './cmdlet.ts'

/** The progress of one work. Its end is told when it is disposed of, however the work ended. */
export interface WorkProgress extends Disposable {
  /** One of few steps: told at once; when they turn out to be many, as seldom as what is counted. */
  step(record: Omit<ProgressRecord, 'activity' | 'done'>): void
  /** One of any number: told ten times a second at most, and not of what is done sooner than that. */
  count(done: number): void
  /** How much is done, from 0 to 1: told as seldom. */
  part(share: number, status: () => string): void
}

/** Milliseconds between two records of what is counted. */
const pause = 100
/** Steps that are few. */
const few = 20

/** Tells those who follow a cmdlet how far its work is; costs nothing where nobody does. */
export function progressOf(
  { progress, followed, clock }: Pick<CmdletContext, 'progress' | 'followed' | 'clock'>,
  activity: string,
): WorkProgress {
  if (!followed) return unheard
  const began = clock()
  let last: number | undefined
  let steps = 0
  const tell = (record: Omit<ProgressRecord, 'activity'>) => {
    last = clock()
    progress({ activity, ...record })
  }
  const isDue = () => Math.abs(clock() - (last ?? began)) >= pause
  const shareOf = (share: number) => {
    const known = Math.min(1, Math.max(0, share))
    const seconds = (clock() - began) / 1000
    return {
      percent: Math.floor(known * 100),
      ...(seconds >= 1 && known > 0 ? { secondsRemaining: Math.ceil((seconds / known) * (1 - known)) } : {}),
    }
  }
  return {
    step(record) {
      if (steps++ < few || isDue()) tell(record)
    },
    count(done) {
      if (isDue()) tell({ status: `${done}` })
    },
    part(share, status) {
      if (isDue()) tell({ status: status(), ...shareOf(share) })
    },
    [Symbol.dispose]() {
      if (last !== undefined) tell({ done: true })
    },
  }
}

const unheard: WorkProgress = {
  step: () => undefined,
  count: () => undefined,
  part: () => undefined,
  [Symbol.dispose]: () => undefined,
}
