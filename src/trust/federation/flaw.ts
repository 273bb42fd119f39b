import { Refusal } from '#model'

/** Why a message is not believed, on the way to the step that found it. Never leaves this folder. */
export class Flaw extends Error {
  /** The fault code of the specification, with its prefix. */
  readonly code: string | undefined

  constructor(reason: string, code?: string) {
    super(reason)
    this.name = 'Flaw'
    this.code = code
  }
}

/** Ends the check: the message is not believed. */
export function flawed(reason: string, code?: string): never {
  throw new Flaw(reason, code)
}

/** Why, when the error is an answer about the message: a flaw or a reader's refusal; undefined for a defect. */
export function flawOf(error: unknown): Flaw | undefined {
  if (error instanceof Flaw) return error
  return error instanceof Refusal ? new Flaw(error.message) : undefined
}
