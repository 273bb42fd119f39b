import type { Caller, Instant } from '#model'
import type { HttpReply, HttpRequest } from '../http.ts'

/** A browser in which somebody is signed in. */
export interface BrowserSession {
  /** Names it, and opens nothing. */
  id: string
  /** What it is called: `Firefox on Linux`. */
  browser: string
  /** When the factors were last shown. */
  since: Instant
  secondFactor: boolean
  /** The one that asks. */
  isThis: boolean
}

/** Browsers that are signed in: the sign-in pages keep them, the protocol that serves the site's own client asks for them. */
export interface BrowserSessions {
  /** Who sends a request, by its session cookie; undefined = nobody who is signed in. */
  callerOf(request: HttpRequest): Promise<Caller | undefined>
  /** The browsers in which the person of a request is signed in, the newest sign-in first. */
  list(request: HttpRequest): Promise<BrowserSession[]>
  /** Ends one of them. None of theirs → ItemNotFound. */
  end(request: HttpRequest, id: string): Promise<void>
  /** To the sign-in and back to `path` (`/owa/`, `/ecp/`), which is told `state`. With `again`: the factors have to be shown anew. */
  signIn(path: string, state: string, options?: { again?: boolean }): Promise<HttpReply>
}
