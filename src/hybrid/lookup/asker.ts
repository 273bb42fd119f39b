import type { Caller } from '#model'
import type { XmlElement } from '#wire'
import type { BranchRecorder } from '../trace/recorder.ts'

/** Who asks, as another organisation is told. */
export interface Requester {
  caller: Caller
  address: string
  /** Every SMTP address that they have, lower case. */
  addresses: string[]
  userPrincipalName: string
  sid: string
  /** Stable, for as long as the person is in the directory. */
  immutableId: string
}

/** One request to EWS: what stands in the SOAP body, and what the trace says of it. */
export interface EwsRequest {
  name: string
  what: string
  body: string
  /** The language that texts are wanted in (`de-DE`). */
  culture?: string
}

/** Sends a request to the EWS of the other organisation; gives the element in the answer's body. */
export type SendEws = (request: EwsRequest) => Promise<XmlElement>

/** A question to another organisation about people who live there. */
export interface Question<T> {
  requester: Requester
  /** Addresses that the other side knows. */
  targets: string[]
  /** Puts it to EWS, in one request or more, and reads the answers. */
  ask(send: SendEws): Promise<T>
  /** Of generation (b) alone: reads a folder that is shared with the requester, by the key of the invitation ([MS-OXWSMSHR] 3.1.4.3). */
  sharingKey?: string
}

/**
 * Asks one other organisation by one generation of trust. Writes every step down; gives what the question's answer is, or throws what
 * ended it (LookupFailure, RemoteFailure …).
 */
export interface Asker<R> {
  ask<T>(route: R, question: Question<T>, branch: BranchRecorder, signal: AbortSignal): Promise<T>
}
