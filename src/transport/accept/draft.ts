import type { Represented } from '#mailbox'
import type { Caller, Instant } from '#model'
import type { MessageHeader } from '#wire'
import type { Envelope, Origin } from '../contract.ts'

/** A message on its way through the rules of acceptance. Each rule gives the next one a draft, or refuses. */
export interface Draft {
  bytes: Uint8Array
  headers: MessageHeader[]
  envelope: Envelope
  caller: Caller
  origin: Origin
  now: Instant
  id: string
  /** Whoever else the message speaks for; set once its authors were checked. */
  represented?: readonly Represented[]
}
