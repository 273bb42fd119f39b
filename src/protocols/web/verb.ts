/** What the browser client can ask for: one row a question, from which the routes and the client's types are made. */
import type { z } from 'zod'
import type { Access, BrowserSessions, HttpRequest, Roles, SignInRules } from '#access'
import type { Admin, HybridWizardNeeds } from '#admin'
import type { Configuration, Directory } from '#directory'
import type { Hybrid } from '#hybrid'
import type { Mailboxes } from '#mailbox'
import type { Caller, Instant } from '#model'

/** What the verbs work with. */
export interface WebNeeds {
  mailboxes: Mailboxes
  directory: Directory
  configuration: Configuration
  hybrid: Hybrid
  admin: Admin
  access: Pick<Access, 'managementRoles'>
  roles: Roles
  sessions: BrowserSessions
  /** What people sign in with. */
  signIn: Pick<SignInRules, 'factors' | 'appPasswords' | 'policies'>
  /** How the Hybrid Configuration Wizard reaches the online organisation. */
  wizard: HybridWizardNeeds
  clock: () => Instant
  random: (size: number) => Uint8Array
  /** Hears of a bug that was met when the answer had begun. */
  defect: (error: unknown, request: HttpRequest) => void
  /** Name and domain of the site's first organisation. */
  site: { name: string; domain: string }
}

/** One question of somebody who is signed in. */
export interface WebContext extends WebNeeds {
  caller: Caller
  /** The caller's own mailbox. Somebody without one → MailboxNotFound. */
  mailbox: () => Promise<string>
  /** The caller as they are now, for what goes on beyond its request; undefined = signed out. */
  again: () => Promise<Caller | undefined>
  request: HttpRequest
}

export interface Verb<Input, Output> {
  input: z.ZodType<Input>
  run(context: WebContext, input: Input): Promise<Output>
}

/** Declares a verb: what it takes, and what it answers (plain JSON; an instant is a number of milliseconds). */
export const verb = <Input, Output>(
  input: z.ZodType<Input>,
  run: (context: WebContext, input: Input) => Promise<Output>,
): Verb<Input, Output> => ({
  input,
  run,
})

/** An answer that comes line by line while it is made, each a JSON value (application/x-ndjson). */
export class Lines {
  readonly text: AsyncIterable<string>
  constructor(text: AsyncIterable<string>) {
    this.text = text
  }
}

/** The types of a table of verbs, for the client. */
export type ApiOf<Verbs> = {
  [Name in keyof Verbs]: Verbs[Name] extends Verb<infer Input, infer Output> ? { input: Input; output: Output } : never
}
