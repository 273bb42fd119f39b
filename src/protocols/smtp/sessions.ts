import type { SmtpLimits } from './limits.ts'
import { reply, type ReplyError } from './replies.ts'

interface Session {
  address: string
  refusals: number
  deadline: NodeJS.Timeout
  signedIn?: NodeJS.Timeout
}

/** Counts what each open connection costs. */
export interface Sessions {
  /** Refuses when the address has too many. */
  open(id: string, address: string): ReplyError | undefined
  /** False once the client is gone. */
  isOpen(id: string): boolean
  /** Somebody has signed in: the time of such a session begins. */
  signedIn(id: string): void
  /** A message is done: the time for the next one begins. */
  progress(id: string): void
  /** A recipient was refused. Gives the reply that ends the connection when it was one too many. */
  refused(id: string): ReplyError | undefined
  close(id: string): void
}

/** `end` cuts a connection whose time is over: that of one message, or that for which somebody is signed in. */
export function createSessions(limits: SmtpLimits, end: (id: string, why: 'time' | 'signedIn') => void): Sessions {
  const sessions = new Map<string, Session>()
  const addresses = new Map<string, number>()
  return {
    open(id, address) {
      const others = addresses.get(address) ?? 0
      if (others >= limits.connectionsPerAddress) return reply(421, '4.7.0', 'Too many connections from your address.')
      addresses.set(address, others + 1)
      sessions.set(id, { address, refusals: 0, deadline: setTimeout(() => end(id, 'time'), limits.transaction).unref() })
      return undefined
    },
    isOpen: (id) => sessions.has(id),
    signedIn(id) {
      const session = sessions.get(id)
      if (session) session.signedIn = setTimeout(() => end(id, 'signedIn'), limits.signedIn).unref()
    },
    progress: (id) => void sessions.get(id)?.deadline.refresh(),
    refused(id) {
      const session = sessions.get(id)
      if (session && ++session.refusals >= limits.refusals) return reply(421, '4.7.0', 'Too many unknown recipients.')
      return undefined
    },
    close(id) {
      const session = sessions.get(id)
      if (!session) return
      clearTimeout(session.deadline)
      clearTimeout(session.signedIn)
      sessions.delete(id)
      const left = (addresses.get(session.address) ?? 1) - 1
      if (left > 0) addresses.set(session.address, left)
      else addresses.delete(session.address)
    },
  }
}
