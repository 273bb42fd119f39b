import { Refusal, type Caller } from '#model'
import type { Directory, Recipient } from '#directory'
import {
  poxSchemas, readPoxRequest, utcSeconds, writePoxResponse, type MobileResponse, type OutlookResponse, type PoxRequest,
} from '#schema' // prettier-ignore
import { readXml } from '#wire'
import { packedVersion, type Endpoints } from './endpoints.ts'
import { archivesOf, lookUp, type Archive, type Lookup, type Person } from './look-up.ts'
import { readContext } from './read-context.ts'

/** [MS-OXDSCLI] 2.2.4.1.2: codes of the error answer. */
const errors = { 500: "The email address can't be found.", 600: 'Invalid Request', 601: 'Provider is not available' } as const
type ErrorCode = keyof typeof errors

export interface PoxAnswer {
  xml: string
  /** For the log: `ok` or the error code. */
  outcome: string
}

const writing = { dateTime: utcSeconds }
const longestIdentity = 1000

/**
 * Answers a plain XML request ([MS-OXDSCLI] 2.2.3 and [MS-ASCMD] 2.2.1.1). Every mistake is an answer: 600 for a request
 * that cannot be understood, 601 for a schema we do not give, 500 for an address we do not know.
 */
export async function answerPox(
  { directory, endpoints, now }: { directory: Directory; endpoints: Endpoints; now: Date },
  caller: Caller,
  body: Uint8Array,
): Promise<PoxAnswer> {
  const request = understood(body)
  const identity = request?.EMailAddress?.trim() || request?.LegacyDN?.trim()
  const schema = request?.AcceptableResponseSchema?.trim()
  if (!identity || !schema || identity.length > longestIdentity) return errorAnswer(600, now)
  if (schema !== poxSchemas.outlookResponse && schema !== poxSchemas.mobileResponse) return errorAnswer(601, now)
  const found = await lookUp(directory, caller, identity)
  if ('unknown' in found) return errorAnswer(500, now)
  const answer =
    schema === poxSchemas.mobileResponse
      ? writePoxResponse({ is: 'mobile', value: mobile(found, endpoints) }, writing)
      : writePoxResponse({ is: 'outlook', value: outlook(found, endpoints) }, writing)
  return { xml: answer, outcome: 'ok' }
}

function understood(body: Uint8Array): PoxRequest | undefined {
  try {
    return readPoxRequest(readXml(body, { size: 256 * 1024, depth: 20 }), readContext)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function errorAnswer(code: ErrorCode, now: Date): PoxAnswer {
  const Time = now.toISOString().slice(11, 23)
  const Id = String(now.getTime() % 4_000_000_000)
  const value = { Error: { ErrorCode: code, Message: errors[code], DebugData: '', Time, Id } }
  return { xml: writePoxResponse({ is: 'error', value }, writing), outcome: String(code) }
}

type Found = Exclude<Lookup, { unknown: string }>

function mobile(found: Found, { activeSync }: Endpoints): MobileResponse {
  if ('redirectTo' in found) return { Culture: 'en:us', Action: { Action: { is: 'Redirect', value: found.redirectTo } } }
  const { displayName, address } = found.person.recipient
  const Server = [{ Type: 'MobileSync', Url: activeSync, Name: activeSync }]
  return {
    Culture: 'en:us',
    User: { DisplayName: displayName, EMailAddress: address },
    Action: { Action: { is: 'Settings', value: { Server } } },
  }
}

/** [MS-OXDSCLI] 2.2.4.1.1: the user, then one Protocol for inside (EXCH), outside (EXPR) and by HTTP alone (EXHTTP). */
function outlook(found: Found, endpoints: Endpoints): OutlookResponse {
  if ('redirectTo' in found) return { Account: { AccountType: 'email', Action: 'redirectAddr', RedirectAddr: found.redirectTo } }
  const { recipient, alternates }: Person = found.person
  const others = [...archivesOf(found.person).map((one) => archiveMailbox(one, endpoints)), ...alternates.map(alternateMailbox)]
  return {
    User: {
      DisplayName: recipient.displayName,
      LegacyDN: recipient.legacyExchangeDn,
      AutoDiscoverSMTPAddress: recipient.address,
      DeploymentId: recipient.organisation,
    },
    Account: {
      AccountType: 'email',
      Action: 'settings',
      MicrosoftOnline: 'False',
      Protocol: (['EXCH', 'EXPR', 'EXHTTP'] as const).map((type) => protocol(type, recipient, endpoints)),
      ...(others.length ? { AlternativeMailbox: others } : {}),
    },
  }
}

type Protocol = NonNullable<OutlookResponse['Account']['Protocol']>[number]

function protocol(type: 'EXCH' | 'EXPR' | 'EXHTTP', recipient: Recipient, { base, ews }: Endpoints): Protocol {
  const url = new URL(base)
  const serverDn = `${recipient.legacyExchangeDn.split('/cn=Recipients')[0]}/cn=Configuration/cn=Servers/cn=${url.hostname}`
  const inside = { ServerDN: serverDn, MdbDN: `${serverDn}/cn=Microsoft Private MDB` }
  const outside = { SSL: url.protocol === 'https:' ? 'On' : 'Off', AuthPackage: 'Basic' }
  return {
    Type: type,
    Server: url.hostname,
    ServerVersion: packedVersion(),
    ...(type === 'EXCH' ? inside : outside),
    ASUrl: ews,
    EwsUrl: ews,
    OOFUrl: ews,
  }
}

/** [MS-OXDSCLI] 2.2.4.1.1.2.2 AlternativeMailbox of type Archive: named by the GUID of the archive behind its owner's DN. */
function archiveMailbox({ owner, archive }: Archive, { base }: Endpoints) {
  const LegacyDN = `${owner.legacyExchangeDn}/guid=${archive.mailbox}`
  return { Type: 'Archive', DisplayName: archive.name, LegacyDN, Server: new URL(base).hostname, OwnerSmtpAddress: owner.address }
}

/** [MS-OXDSCLI] 2.2.4.1.1.2.3: a mailbox the client should open beside the own one. */
function alternateMailbox({ displayName, address }: Recipient) {
  return { Type: 'Delegate', DisplayName: displayName, SmtpAddress: address, OwnerSmtpAddress: address }
}
