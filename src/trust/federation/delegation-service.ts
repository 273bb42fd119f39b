import { X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import { Refusal } from '#model'
import type { XmlElement } from '#wire'
import { subjectKeyIdentifierOf } from '../keys/key-pair.ts'
import { delegationOperations, writeDelegationResponse, type DelegationAnswer, type DelegationOperation } from './delegation.ts'
import { fault11, fault12 } from './fault.ts'
import { Flaw, flawed, flawOf } from './flaw.ts'
import { element } from './markup.ts'
import { namespaces, skew } from './names.ts'
import { certificatesOf, type FederationRegistry } from './registry.ts'
import type { ReplayCache } from './replay.ts'
import { atMostOne, bytesOf, is, one, only, openEnvelope, plainText, readStrict, readTimestamp, uriKey } from './strict.ts'
import type { FederationEvent, SoapAnswer } from './token-service.ts'
import { verifySignature } from './verify.ts'

export interface DelegationServiceOptions {
  registry: FederationRegistry
  clock: () => Instant
  delegation: () => string
  replay: ReplayCache
  audit: (event: FederationEvent) => void
}

/** A call whose signature is good. */
interface Call {
  operation: DelegationOperation
  fields: Readonly<Record<string, string>>
  /** Who signed it. */
  signer: X509Certificate
}

type Run = (registry: FederationRegistry, call: Call) => Promise<DelegationAnswer>

const field = ({ fields }: Call, name: string): string => fields[name] || flawed(`${name} is missing`)

/** Each operation on the registry (hybrid reference 3.2). */
const operations: Readonly<Record<DelegationOperation, Run>> = {
  CreateAppId: async (registry, call) => ({ appId: await registry.createAppId(call.signer, field(call, 'uri')) }),
  UpdateAppIdCertificate: async (registry, call) => {
    await registry.updateAppIdCertificate(field(call, 'appId'), certificateOfField(call))
    return {}
  },
  ReserveDomain: async (registry, call) => {
    await registry.reserveDomain(field(call, 'appId'), field(call, 'domainName'))
    return {}
  },
  ReleaseDomain: async (registry, call) => {
    await registry.releaseDomain(field(call, 'appId'), field(call, 'domainName'))
    return {}
  },
  AddUri: async (registry, call) => {
    await registry.addUri(field(call, 'appId'), field(call, 'uri'))
    return {}
  },
  RemoveUri: async (registry, call) => {
    await registry.removeUri(field(call, 'appId'), field(call, 'uri'))
    return {}
  },
  GetDomainInfo: async (registry, call) => {
    const { domainName, appId, state } = await registry.getDomainInfo(field(call, 'appId'), field(call, 'domainName'))
    return { domainName, ...(appId === undefined ? {} : { appId }), state }
  },
}

/**
 * Answers a call of the delegation service, SOAP 1.1 or 1.2, signed over time, To and body with the organisation's
 * certificate; CreateAppId with the one that it registers. 200 with the answer, 500 with a fault; each is handed to `audit`.
 */
export async function answerDelegation(bytes: Uint8Array, options: DelegationServiceOptions): Promise<SoapAnswer> {
  let soap: 'soap' | 's12' = 'soap'
  let event = 'Delegation'
  let detail: Record<string, string> = {}
  const tell = (outcome: FederationEvent['outcome'], application?: string, reason?: string): void =>
    options.audit({ event, outcome, application, detail, reason })
  try {
    const document = readStrict(bytes)
    soap = is(document.root, 's12', 'Envelope') ? 's12' : 'soap'
    const call = await readCall(document, soap, options)
    event = call.operation
    const { newCertificate: _, ...rest } = call.fields
    detail = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value.slice(0, 200)]))
    const answer = await operations[call.operation](options.registry, call)
    tell('success', answer.appId ?? call.fields.appId)
    return { status: 200, body: writeDelegationResponse(soap, call.operation, answer) }
  } catch (error) {
    const flaw = flawOf(error)
    if (!flaw) throw error
    tell('failure', detail.appId, flaw.message)
    // Who is known learns why; who is not learns that.
    const isRefused = error instanceof Refusal && event !== 'Delegation'
    const code = isRefused ? error.code : flaw instanceof Flaw && flaw.code === 'wsu:MessageExpired' ? 'MessageExpired' : 'AccessDenied'
    return { status: 500, body: faultOf(soap, code, isRefused ? error.message : 'The request was not accepted.') }
  }
}

function faultOf(soap: 'soap' | 's12', code: string, text: string): string {
  const detail = element('md2:ErrorCode', {}, code)
  if (soap === 'soap') return fault11('soap:Client', text, detail)
  return fault12(code === 'AccessDenied' ? 'wst:FailedAuthentication' : 'wst:InvalidRequest', text, detail)
}

async function readCall(document: ReturnType<typeof readStrict>, soap: 'soap' | 's12', options: DelegationServiceOptions): Promise<Call> {
  const { header, body } = openEnvelope(document.root, soap)
  const security = one(header, 'wsse', 'Security')
  const timestamp = one(security, 'wsu', 'Timestamp')
  const to = one(header, 'wsa', 'To')
  const signature = one(security, 'ds', 'Signature')
  readTimestamp(timestamp, options.clock())
  const certificates = await signersOf(security, only(body), options.registry)
  const signed = verifySignature({ document, signature, trusted: { certificates }, covers: [timestamp, to, body] })
  const part = (node: XmlElement): XmlElement => signed.get(node) ?? flawed(`${node.name} is not signed`)
  const { expires } = readTimestamp(part(timestamp), options.clock())
  if (uriKey(plainText(part(to))) !== uriKey(options.delegation())) flawed('the request is for another service')
  const { operation, fields } = readOperation(only(part(body)))
  const [signer] = certificates
  if (!signer) return flawed('nobody signed')
  const value = plainText(one(signature, 'ds', 'SignatureValue'))
  if (!options.replay.firstSeen(value, expires + skew)) flawed('the request was seen before')
  return { operation, fields, signer }
}

/**
 * Whose signature counts: the certificate to be registered, which the message carries; else the organisation's. After a
 * change of certificate the same change, signed with the old one, may come again.
 */
async function signersOf(security: XmlElement, unsigned: XmlElement, registry: FederationRegistry): Promise<X509Certificate[]> {
  const { operation, fields } = readOperation(unsigned)
  if (operation === 'CreateAppId') return [certificateFrom(bytesOf(one(security, 'wsse', 'BinarySecurityToken')))]
  const application = await registry.application(fields.appId ?? '')
  if (!application) return flawed(`the application ${fields.appId?.slice(0, 40)} is not registered`)
  const isRepeated = operation === 'UpdateAppIdCertificate' && fields.newCertificate === application.certificate.raw.toString('base64')
  return isRepeated ? certificatesOf(application) : [application.certificate]
}

function readOperation(node: XmlElement): { operation: DelegationOperation; fields: Record<string, string> } {
  if (node.namespace !== namespaces.md2 || !Object.hasOwn(delegationOperations, node.name))
    return flawed(`the operation ${node.name.slice(0, 60)} is not known`)
  const operation = node.name as DelegationOperation
  const fields = delegationOperations[operation].flatMap((name) => {
    const child = atMostOne(node, 'md2', name)
    return child ? [[name, plainText(child)] as const] : []
  })
  return { operation, fields: Object.fromEntries(fields) }
}

function certificateOfField(call: Call): X509Certificate {
  return certificateFrom(Buffer.from(field(call, 'newCertificate'), 'base64'))
}

function certificateFrom(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der)
    subjectKeyIdentifierOf(certificate)
    return certificate
  } catch (error) {
    return flawed(`the certificate is none (${(error as Error).message})`)
  }
}
