import type { ObjectRow, ReadTx } from '../contract.ts'
import type { ObjectLookups } from './contract.ts'

/** Answers kept at most; the oldest go first. */
const mostKept = 10_000
/** Questions longer than this, and lists longer than that, are asked each time. */
const longestQuestion = 400
const longestList = 100
/** Roughly how many characters one answer may have, and all of them together. */
const heaviest = 16_384
const mostWeight = 64 * 1024 * 1024
/** For how long an answer is kept, ms: the bound for what another process changed while its news could not come through. */
const keptFor = 5000

interface Kept {
  answer: unknown
  weight: number
  until: number
}

/**
 * Looks up objects in memory: who is who is asked several times at every request and changes seldom. An answer holds until any object is
 * written. What this process wrote is seen from the moment the write is acknowledged; what another one wrote from its notice on.
 */
export function createKeptObjects(input: {
  read: <T>(body: (tx: ReadTx) => Promise<T>) => Promise<T>
  /** How many commits that wrote objects have been told of. */
  changes: () => number
}): ObjectLookups {
  const { read, changes } = input
  const kept = new Map<string, Kept>()
  let weight = 0
  /** The count of changes that all that is kept was read under. */
  let under = 0

  function forget(name: string): void {
    weight -= kept.get(name)?.weight ?? 0
    kept.delete(name)
  }

  async function ask<T extends ObjectRow | ObjectRow[] | undefined>(
    question: string[],
    look: (objects: ReadTx['objects']) => Promise<T>,
  ): Promise<T> {
    const name = question.join('\0')
    // Before the reading begins: what is committed meanwhile must not make an older answer look new.
    const change = changes()
    if (change !== under) {
      kept.clear()
      weight = 0
      under = change
    }
    const known = kept.get(name)
    if (known && known.until > performance.now()) return known.answer as T
    const answer = await read((tx) => look(tx.objects))
    if (change !== changes() || name.length > longestQuestion || (Array.isArray(answer) && answer.length > longestList)) return answer
    const own = name.length + weightOf(answer)
    if (own > heaviest) return answer
    forget(name)
    kept.set(name, { answer: frozen(answer), weight: own, until: performance.now() + keptFor })
    weight += own
    while (kept.size > mostKept || weight > mostWeight) forget(kept.keys().next().value!)
    return answer
  }

  return {
    get: (organisation, kind, id) => ask(['get', organisation, kind, id], (objects) => objects.get(organisation, kind, id)),
    byKey: (organisation, key) => ask(['byKey', organisation, key], (objects) => objects.byKey(organisation, key)),
    anywhere: (key) => ask(['anywhere', key], (objects) => objects.anywhere(key)),
    referring: (organisation, reference, target) =>
      ask(['referring', organisation, reference, target], (objects) => objects.referring(organisation, reference, target)),
  }
}

/** Roughly what a value takes, in characters. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 16
  if (typeof value !== 'object' || value === null) return 8
  return Object.values(value).reduce((sum: number, part) => sum + weightOf(part), 16)
}

/** Many hold the same answer: nobody may change it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) frozen(part)
    Object.freeze(value)
  }
  return value
}
