import type { HttpReply, HttpRequest, Throttle } from '#access'
import { formatOffset, Refusal, serverVersion, utc, zoneNamed, zoneOf, type Caller, type Zone } from '#model'
import {
  ewsOperations,
  failure,
  readEnvelope,
  utcMilliseconds,
  utcSeconds,
  writeEnvelope,
  writeFault,
  writeStreamedEnvelope,
  type ReadContext,
  type RequestHeaders,
  type WriteContext,
} from '#schema'
import { readXml, type XmlElement } from '#wire'
import { createLookups, type EwsContext, type EwsParts } from './context.ts'
import { verbs } from './operations/index.ts'
import { failed, reported, type EwsVerb } from './verb.ts'
import { versionNumber } from './version.ts'

const xml = { 'content-type': 'text/xml; charset=utf-8', 'cache-control': 'private, no-store' }

/** A fault: the request as a whole could not be taken. Its status is Exchange's, except for operations nobody knows. */
export function fault(refusal: Refusal, status = 500): HttpReply {
  const known = refusal.code === 'UnknownOperation' ? 'ErrorInvalidRequest' : (failure(refusal, 'ErrorInvalidRequest').ResponseCode ?? '')
  return { status, headers: xml, body: writeFault(known, refusal, serverVersion) }
}

/**
 * Answers one SOAP request: bytes → envelope → who → which operation → its answer. What cannot be read is a fault (HTTP 500);
 * everything else is an answer with HTTP 200 in the operation's own shape.
 */
export async function dispatch(parts: EwsParts & { throttle: Throttle }, request: HttpRequest, signedIn: Caller): Promise<HttpReply> {
  const outcomes = new Map<string, number>()
  const count = (code: string): void => void outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
  const note = (): void => {
    const others = [...outcomes].filter(([code]) => code !== 'NoError')
    request.log.outcome = others[0]?.[0] ?? 'NoError'
    request.log.answers = [...outcomes.values()].reduce((sum, n) => sum + n, 0)
    if (others.length > 0) request.log.refused = others.map(([code, n]) => `${code}:${n}`).join(' ')
  }
  // Exchange routes by it; here every mailbox of the site is as near, so that it says in the log alone whom a client believes to be asking for.
  const anchor = request.headers['x-anchormailbox']
  if (typeof anchor === 'string') request.log.anchor = anchor.slice(0, 320)
  try {
    const { headers, body } = readEnvelope(readXml(request.body))
    request.log.operation = ewsOperations.has(body.name) ? body.name : 'unknown'
    const context = await contextFor(parts, request, await askingFor(parts, signedIn, headers, body.name), headers, count)
    return await answer(context, headers, body, note)
  } catch (error) {
    const refusal = error instanceof Refusal ? error : reported({ log: parts.log, http: request }, error)
    count(`Error${refusal.code}`)
    return fault(refusal, refusal.code === 'UnknownOperation' ? 200 : 500)
  } finally {
    note()
  }
}

/** What another organisation may ask; everything else is for the people of this one (source R4). */
const forPartners = new Set(['GetUserAvailabilityRequest', 'GetMailTips', 'GetServiceConfiguration'])
/** What it may ask with the key of a shared folder ([MS-OXWSMSHR] 3.1.4.3), and nothing else then. */
const forGuests = new Set(['SyncFolderItems', 'GetItem'])

/** Who is meant when a server of another forest asks; what another server vouches for is held to what is for other organisations. */
async function askingFor({ proxyRequests }: EwsParts, signedIn: Caller, headers: RequestHeaders, operation: string): Promise<Caller> {
  const { requestType, securityContext: context } = headers
  const person = context && { userSid: context.userSid, address: context.primarySmtpAddress.toLowerCase() }
  const caller = requestType || person ? await proxyRequests.callerOf(signedIn, person ? { person } : {}) : signedIn
  // Whoever holds another organisation's keys must not hold the mailboxes here, whomever its servers name.
  const given = caller.partner?.sharingKey === undefined ? forPartners : forGuests
  if (caller.via && !caller.via.linked && !given.has(operation)) {
    throw new Refusal('ProxyRequestNotAllowed', `${operation.slice(0, 80)} is not for other organisations.`)
  }
  return caller
}

async function contextFor(
  parts: EwsParts & { throttle: Throttle },
  http: HttpRequest,
  signedIn: Caller,
  headers: RequestHeaders,
  count: (code: string) => void,
): Promise<EwsContext> {
  const version = versionNumber(headers.requestServerVersion)
  const speakingFor = async (asking: Caller): Promise<Caller> => {
    const acting = headers.impersonate ? await parts.access.impersonate(asking, headers.impersonate) : asking
    await mayUseEws(parts, acting)
    if (headers.managementRoles) await requireRoles(parts, asking, headers.managementRoles)
    const discovers = acting === asking && headers.managementRoles?.user.some(opensKept)
    return discovers ? { ...acting, discovers } : acting
  }
  const caller = await speakingFor(signedIn)
  const stillAsking = async (): Promise<Caller> => speakingFor(await signedInStill(parts, signedIn))
  if (headers.impersonate) http.log.impersonated = caller.address
  const zone = zoneOf(headers.timeZoneContext, utc)
  const culture = headers.mailboxCulture ? { culture: headers.mailboxCulture } : {}
  const lookups = createLookups(parts.directory, caller)
  const deadline = parts.clock() + parts.longestRequest
  const answer = { room: parts.largestAnswer, replyHeaders: {} }
  return { ...parts, ...lookups, caller, http, version, zone, ...culture, count, ...answer, deadline, stillAsking }
}

/** Who signed in, as they are now. An answer that has begun cannot say 401: what is good no more is AccessDenied there, a disabled account its own code. */
async function signedInStill({ access }: EwsParts, caller: Caller): Promise<Caller> {
  try {
    return await access.stillSignedIn(caller, 'ews')
  } catch (error) {
    if (error instanceof Refusal && error.code === 'Unauthenticated') throw new Refusal('AccessDenied', error.message)
    throw error
  }
}

/** Whoever's EWS is switched off (Set-CASMailbox -EwsEnabled $false) is refused, and whoever acts for them → AccessDenied. */
export async function mayUseEws({ directory }: Pick<EwsParts, 'directory'>, caller: Caller): Promise<void> {
  if (caller.kind !== 'user' || !(await directory.recipient(caller.organisation, caller.recipient))?.ewsDisabled) return
  throw new Refusal('AccessDenied', `Exchange Web Services are switched off for ${caller.address}.`)
}

/** A request writes MailboxSearch for the role "Mailbox Search". */
const plain = (role: string) => role.replaceAll(' ', '').toLowerCase()

/** Whether a role opens what is purged, held or was before: in the mailboxes that the caller has full access to. */
const opensKept = (role: string) => ['mailboxsearch', 'mailboximportexport'].includes(plain(role))

/** A request that wants to use roles is served to those who have them alone ([MS-OXWSCORE] 2.2.3.2) → InvalidManagementRoleHeader. */
async function requireRoles(
  { access }: EwsParts,
  caller: Caller,
  { user, application }: NonNullable<RequestHeaders['managementRoles']>,
): Promise<void> {
  const granted = new Set((await access.managementRoles(caller)).map(plain))
  const missing = [...user, ...application].find((role) => !granted.has(plain(role)))
  if (missing === undefined) return
  throw new Refusal('InvalidManagementRoleHeader', `${caller.address} does not have the role '${missing.slice(0, 80)}'.`)
}

/** Date-times without offset are local: in the zone named beside them, else in the request's ([MS-OXWSGTZ] 2.2.3.1). */
function readContext(zone: Zone): ReadContext {
  return {
    local(text, named) {
      const known = named?.id === undefined && named?.name !== undefined ? zoneNamed(named.name) : undefined
      return (known ?? zoneOf(named, zone)).toInstant(Date.parse(`${text}Z`))
    },
  }
}

/**
 * How an answer writes its times: in UTC, or with the offset of the zone that the request's TimeZoneContext names
 * (MS-OXWSCORE_R362), to the second unless milliseconds were asked for (MS-OXWSCORE_R1670, R1671).
 */
function dateTimes(zone: Zone, precision: RequestHeaders['dateTimePrecision']): WriteContext['dateTime'] {
  const print = precision === 'Milliseconds' ? utcMilliseconds : utcSeconds
  return (instant) => {
    // Offsets are said in whole minutes; local mean times of long ago have seconds too.
    const offset = Math.trunc(zone.offsetAt(instant) / 60_000) * 60_000
    return offset === 0 ? print(instant) : print(instant + offset).replace('Z', formatOffset(offset))
  }
}

async function answer(context: EwsContext, headers: RequestHeaders, body: XmlElement, note: () => void): Promise<HttpReply> {
  const operation = ewsOperations.get(body.name)
  if (!operation) throw new Refusal('UnknownOperation', `There is no operation '${body.name.slice(0, 80)}' here.`)
  const write: WriteContext = { dateTime: dateTimes(context.zone, headers.dateTimePrecision) }
  const written = (value: unknown): string => operation.response.write(`m:${operation.responseElement}`, value, write)
  const reply = (value: unknown): HttpReply => ({
    status: 200,
    headers: { ...xml, ...context.replyHeaders },
    body: writeEnvelope(written(value), serverVersion),
  })
  const verb = verbs.get(body.name)
  if (!verb) {
    const refusal = new Refusal('UnknownOperation', `${body.name} is not served here yet.`)
    return reply(operation.refused(failed(context, refusal)))
  }
  try {
    const request = operation.request.read(body, readContext(context.zone))
    const result = verb.run(request, context)
    if (!(Symbol.asyncIterator in result)) return reply(await result)
    return { status: 200, headers: xml, body: streamed(context, verb, result, written, note) }
  } catch (error) {
    // What does not fit the schema cannot be answered in parts; a refusal of the whole can.
    if (error instanceof Refusal && error.code === 'SchemaValidation') throw error
    return reply(operation.refused(failed(context, error)))
  }
}

/** Pieces of a streaming answer, each an envelope of its own ([MS-OXWSNTIF] 3.1.4.2). A defect ends the stream with its answer. */
async function* streamed(
  context: EwsContext,
  { operation }: EwsVerb,
  values: AsyncIterable<unknown>,
  written: (value: unknown) => string,
  note: () => void,
): AsyncGenerator<string> {
  try {
    for await (const value of values) yield writeStreamedEnvelope(written(value), serverVersion)
  } catch (error) {
    yield writeStreamedEnvelope(written(operation.refused(failed(context, error))), serverVersion)
  } finally {
    note()
  }
}
