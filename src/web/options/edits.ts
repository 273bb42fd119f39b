import { useState } from 'react'

/** A form over what is so now: what somebody changed in it stays as it was typed, the rest follows when it changes elsewhere. */
export function useEdits<Values extends object>(now: Values) {
  const [edits, setEdits] = useState<Partial<Values>>({})
  const isChanged = ([name, value]: [string, unknown]) => now[name as keyof Values] !== value
  return {
    form: { ...now, ...edits },
    /** What is to be saved. */
    changed: Object.fromEntries(Object.entries(edits).filter(isChanged)) as Partial<Values>,
    set: (change: Partial<Values>) => setEdits((before) => ({ ...before, ...change })),
    /** Forgets what was saved; what was typed since then stays. */
    forget: (saved: Partial<Values>) =>
      setEdits(
        (before) =>
          Object.fromEntries(Object.entries(before).filter(([name, value]) => saved[name as keyof Values] !== value)) as Partial<Values>,
      ),
  }
}
