import { fault11 } from './fault.ts'

/** The one text that every failure shows (hybrid reference 3.5). */
export const securityText = 'An error occurred when verifying security for the message.'

/**
 * A secured request that is not believed. `faultcode` and `text` are for the sender and say nothing about what went wrong from
 * step 4 on; `step`, `check`, `code` and `reason` are for the trace.
 */
export class SecurityFailure extends Error {
  /** The number of the check in the table of hybrid reference 3.5. */
  readonly step: number
  /** Its short name. */
  readonly check: string
  /** What goes over the wire. */
  readonly faultcode: string
  /** What the specification would call it. */
  readonly code: string
  readonly text: string
  readonly reason: string

  constructor({ step, check, faultcode, code, reason }: { step: number; check: string; faultcode: string; code: string; reason: string }) {
    super(`${check}: ${reason}`)
    this.name = 'SecurityFailure'
    this.step = step
    this.check = check
    this.faultcode = faultcode
    this.code = code
    this.text = securityText
    this.reason = reason
  }
}

/** The SOAP 1.1 fault that answers a request that is not believed. HTTP status 500. */
export function securityFault({ faultcode, text }: Pick<SecurityFailure, 'faultcode' | 'text'>): string {
  return fault11(faultcode, text)
}
