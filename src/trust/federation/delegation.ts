import { elementsOf, type XmlElement } from '#wire'
import type { KeyPair } from '../keys/key-pair.ts'
import type { Instant } from '#model'
import { asAnswer } from './answer.ts'
import { readFault } from './fault.ts'
import { element, write } from './markup.ts'
import { base64Encoding, namespaces, valueTypes, type Algorithms } from './names.ts'
import { addressing, envelope, security, timestamp, toHeader } from './soap.ts'
import { certificateReference, signature } from './sign.ts'
import { is, one, only, plainText, readStrict } from './strict.ts'

/** The operations of the delegation service and what each says ([MS-OXWSLVID] 3.2.4; hybrid reference 3.2). */
export const delegationOperations = {
  CreateAppId: ['uri'],
  UpdateAppIdCertificate: ['appId', 'newCertificate'],
  ReserveDomain: ['appId', 'domainName', 'programId'],
  ReleaseDomain: ['appId', 'domainName'],
  AddUri: ['appId', 'uri'],
  RemoveUri: ['appId', 'uri'],
  GetDomainInfo: ['appId', 'domainName'],
} as const satisfies Record<string, readonly string[]>

export type DelegationOperation = keyof typeof delegationOperations

/** What an operation says; `newCertificate` is base64 of DER, `programId` is reserved. */
export type DelegationFields<Operation extends DelegationOperation> = Record<
  Exclude<(typeof delegationOperations)[Operation][number], 'programId'>,
  string
>

/** The SOAP action of an operation. */
export function delegationAction(operation: DelegationOperation): string {
  return `${namespaces.md2}/${operation}`
}

/** A call of the delegation service as SOAP 1.1, signed with the organisation's certificate over its time, To and body. */
export function buildDelegationRequest<Operation extends DelegationOperation>(
  operation: Operation,
  fields: DelegationFields<Operation>,
  key: KeyPair,
  { to, now, newId, algorithms = 'sha256' }: { to: string; now: Instant; newId: () => string; algorithms?: Algorithms },
): string {
  const values: Readonly<Record<string, string>> = fields
  const parts = delegationOperations[operation].map((name) => element(`md2:${name}`, {}, values[name] ?? ''))
  const stamp = timestamp(`_0-${newId()}`, now)
  const target = toHeader('soap', '_1', to)
  const body = element('soap:Body', { 'wsu:Id': '_2' }, element(`md2:${operation}`, {}, ...parts))
  const over = [stamp, target, body].map((content) => ({ id: content.attributes['wsu:Id'] ?? '', content }))
  const keyInfo = certificateReference(key.certificate)
  const certificate = element(
    'wsse:BinarySecurityToken',
    { EncodingType: base64Encoding, ValueType: valueTypes.certificate },
    key.certificate.raw.toString('base64'),
  )
  const signed = signature({ over, key, keyInfo, algorithms })
  const header = [...addressing('soap', delegationAction(operation), newId()), target, security('soap', stamp, certificate, signed)]
  return write(envelope('soap', header, body))
}

/** What the delegation service answered; fields by name. */
export interface DelegationAnswer {
  appId?: string
  domainName?: string
  state?: string
}

/** The answer to a call, or TokenFault when it is a fault or is not understood. */
export function readDelegationResponse(bytes: Uint8Array): DelegationAnswer {
  return asAnswer(() => {
    const document = readStrict(bytes)
    readFault(document)
    const { root } = document
    const body = is(root, 's12', 'Envelope') ? one(root, 's12', 'Body') : one(root, 'soap', 'Body')
    const answer: DelegationAnswer = {}
    const collect = (node: XmlElement): void => {
      const value = elementsOf(node).length ? undefined : plainText(node)
      if (value && (node.name === 'appId' || node.name === 'AppId')) answer.appId = value
      if (value && node.name === 'CreateAppIdResult') answer.appId = value
      if (value && node.name === 'domainName') answer.domainName = value
      if (value && node.name === 'state') answer.state = value
      for (const child of elementsOf(node)) collect(child)
    }
    collect(only(body))
    return answer
  })
}

/** The answer of an operation, in the version of SOAP that it was asked in. */
export function writeDelegationResponse(soap: 'soap' | 's12', operation: DelegationOperation, answer: DelegationAnswer): string {
  const parts = Object.entries(answer).map(([name, value]) => element(`md2:${name}`, {}, String(value)))
  const result = parts.length ? [element(`md2:${operation}Result`, {}, ...parts)] : []
  const header = [element('wsa:Action', {}, `${delegationAction(operation)}Response`)]
  return write(envelope(soap, header, element(`${soap}:Body`, {}, element(`md2:${operation}Response`, {}, ...result))))
}
