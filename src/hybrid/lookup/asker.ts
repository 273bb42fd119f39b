import type { Availability, FreeBusyOptions, TimeWindow } from '#mailbox'
import type { Caller, Refusal } from '#model'
import type { BranchRecorder } from '../trace/recorder.ts'

/** Who asks, as another organisation is told. */
export interface Requester {
  caller: Caller
  address: string
  userPrincipalName: string
  sid: string
  /** Stable, for as long as the person is in the directory. */
  immutableId: string
}

/** A question to another organisation about people who live there. */
export interface FreeBusyQuestion {
  requester: Requester
  /** Addresses that the other side knows, at most 100. */
  targets: string[]
  window: TimeWindow
  options: FreeBusyOptions
}

/**
 * Asks one other organisation by one generation of trust. Writes every step down; gives one outcome for each target, in order, or
 * throws what ended it (LookupFailure, RemoteFailure …).
 */
export interface Asker<R> {
  freeBusy(route: R, question: FreeBusyQuestion, branch: BranchRecorder, signal: AbortSignal): Promise<(Availability | Refusal)[]>
}
