import { TokenFault } from './fault.ts'
import { flawOf } from './flaw.ts'

/** Runs a reader of a peer's answer: what cannot be read is a TokenFault of the code `UnexpectedAnswer`. */
export function asAnswer<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    const flaw = flawOf(error)
    if (!flaw) throw error
    throw new TokenFault({
      faultcode: 'UnexpectedAnswer',
      subcode: undefined,
      reason: `The answer is not understood: ${flaw.message}`,
      detail: undefined,
    })
  }
}
