import type { RefusalCode } from '#model'

/** Why another organisation could not be asked: what the client is told, what the trace says, and what to do about it. */
export class LookupFailure extends Error {
  readonly code: RefusalCode
  readonly remedy: string
  constructor(code: RefusalCode, cause: string, remedy = '') {
    super(cause)
    this.name = 'LookupFailure'
    this.code = code
    this.remedy = remedy
  }
}

/** The other organisation's Autodiscover knows no such person; it may know others of the question. */
export class UnknownThere extends LookupFailure {
  constructor(cause: string, remedy: string) {
    super('AutoDiscoverFailed', cause, remedy)
    this.name = 'UnknownThere'
  }
}
