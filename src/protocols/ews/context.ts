import type { Access, EwsPolicy, HttpRequest, ProxyRequests, Throttle, Throttling } from '#access'
import type { Directory } from '#directory'
import type { Hybrid } from '#hybrid'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Caller, type Instant, type Zone } from '#model'
import type { Transport } from '#transport'
import type { Pushes } from './notify/push/contract.ts'
import type { Streams } from './notify/streams.ts'
import type { Subscriptions } from './notify/subscriptions.ts'

/** A log that takes details for machines first. */
export interface EwsLog {
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** What EWS needs from below; made once by `ewsRoutes`. */
export interface EwsParts {
  mailboxes: Mailboxes
  directory: Directory
  access: Pick<Access, 'impersonate' | 'managementRoles' | 'stillSignedIn'>
  hybrid: Pick<Hybrid, 'freeBusy' | 'mailTips' | 'suggestions' | 'sharing'>
  proxyRequests: ProxyRequests
  throttling: Throttling
  ewsPolicy: EwsPolicy
  subscriptions: Subscriptions
  pushes: Pick<Pushes, 'add' | 'remove'>
  tracking: Transport['tracking']
  clock: () => Instant
  /** Makes a GUID. */
  newId: () => string
  log: EwsLog
  /** Milliseconds without news after which a streaming connection sends a sign of life. */
  heartbeat: number
  /** Streaming connections of one mailbox's owner at once. */
  streams: Streams
  /** Bytes of one answer, roughly. */
  largestAnswer: number
  /** Milliseconds after which nothing more of a request is begun. */
  longestRequest: number
}

/** One request on its way through: who asks, how, and the few look-ups every operation needs. */
export interface EwsContext extends EwsParts {
  throttle: Throttle
  caller: Caller
  http: HttpRequest
  /** Schema version asked for, as its place in `versions`. */
  version: number
  /** The zone of date-times without offset. */
  zone: Zone
  /** The culture the client wants to be answered in. */
  culture?: string
  /**
   * The caller as they are now, for what goes on beyond the request: asked again as at the beginning, of whoever signed in and of whom they act
   * for. Refuses as `Access.stillSignedIn` and `impersonate` do, and AccessDenied where EWS is switched off.
   */
  stillAsking(): Promise<Caller>
  /** GUID of the caller's own mailbox. Refuses NonExistentMailbox when there is none. */
  ownMailbox(): Promise<string>
  /** GUID of the mailbox with the address. Refuses NonExistentMailbox. */
  mailboxAt(address: string): Promise<string>
  /** GUID of the mailbox with the hierarchy of the organisation's public folders. Refuses NoPublicFolderReplicaAvailable when there is none. */
  publicFolders(): Promise<string>
  /** GUID of the archive of whoever owns the mailbox; undefined when there is none. Who may open it, its folders' verbs say. */
  archiveOf(mailbox: string): Promise<string | undefined>
  /** Headers of HTTP that the answer gets, by lower-case name. */
  replyHeaders: Record<string, string>
  /** Counts a response code for the request's log line. */
  count(code: string): void
  /** Bytes that the answer may still take, roughly. */
  room: number
  /** When nothing more of the request is begun. */
  deadline: Instant
}

/** The look-ups of a context, each remembered for the request. */
export function createLookups(
  directory: Directory,
  caller: Caller,
): Pick<EwsContext, 'ownMailbox' | 'mailboxAt' | 'publicFolders' | 'archiveOf'> {
  let own: Promise<string> | undefined
  let shared: Promise<string> | undefined
  const others = new Map<string, Promise<string>>()
  const archives = new Map<string, Promise<string | undefined>>()
  const archiveOfMailbox = async (mailbox: string): Promise<string | undefined> =>
    (await directory.recipientOfMailbox(caller.organisation, mailbox))?.archive?.mailbox
  const mailboxOfCaller = async (): Promise<string> => {
    const recipient = await directory.recipient(caller.organisation, caller.recipient)
    if (!recipient?.mailbox) throw new Refusal('NonExistentMailbox', `${caller.address} has no mailbox here.`)
    return recipient.mailbox
  }
  const mailboxOfAddress = async (address: string): Promise<string> => {
    const recipient = await directory.find(address, caller.organisation)
    if (!recipient?.mailbox) throw new Refusal('NonExistentMailbox', `No mailbox is associated with '${address.slice(0, 320)}'.`)
    return recipient.mailbox
  }
  const mailboxOfPublicFolders = async (): Promise<string> => {
    const root = await directory.publicFolderRoot(caller.organisation)
    if (root?.publicFolders) return root.publicFolders
    throw new Refusal('NoPublicFolderReplicaAvailable', 'The organisation has no public folders.')
  }
  return {
    publicFolders: () => (shared ??= mailboxOfPublicFolders()),
    ownMailbox: () => (own ??= mailboxOfCaller()),
    mailboxAt(address) {
      const key = address.toLowerCase()
      let found = others.get(key)
      if (!found) others.set(key, (found = mailboxOfAddress(address)))
      return found
    },
    archiveOf(mailbox) {
      let found = archives.get(mailbox)
      if (!found) archives.set(mailbox, (found = archiveOfMailbox(mailbox)))
      return found
    },
  }
}
