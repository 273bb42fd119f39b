import type { ObjectRow, ReadTx } from '../contract.ts'
import type { ObjectLookups } from './contract.ts'

/** Answers kept at most; the oldest go first. */
const mostKept = 10_000
/** Questions longer than this, and lists longer than that, are asked each time. */
const longestQuestion = 400
const longestList = 100
/** For how long an answer is kept, ms: the bound for what another process changed while its news could not come through. */
const keptFor = 5000

interface Kept {
  answer: unknown
  /** The count of changes that it was read under. */
  change: number
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

  async function ask<T extends ObjectRow | ObjectRow[] | undefined>(
    question: string[],
    look: (objects: ReadTx['objects']) => Promise<T>,
  ): Promise<T> {
    const name = question.join('\0')
    const known = kept.get(name)
    // Before the reading begins: what is committed meanwhile must not make an older answer look new.
    const change = changes()
    if (known && known.change === change && known.until > performance.now()) return known.answer as T
    const answer = await read((tx) => look(tx.objects))
    if (change !== changes() || name.length > longestQuestion || (Array.isArray(answer) && answer.length > longestList)) return answer
    kept.delete(name)
    kept.set(name, { answer: frozen(answer), change, until: performance.now() + keptFor })
    if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
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

/** Many hold the same answer: nobody may change it. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) frozen(part)
    Object.freeze(value)
  }
  return value
}
