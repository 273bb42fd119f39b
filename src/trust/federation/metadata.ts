import type { X509Certificate } from 'node:crypto'
import { elementsOf, readXml, textOf, type XmlElement } from '#wire'
import { certificateOf } from '../keys/key-pair.ts'
import { asAnswer } from './answer.ts'
import { flawed } from './flaw.ts'
import { element, write, type Markup } from './markup.ts'
import { namespaces } from './names.ts'

/** What a federation trust takes from its issuer's metadata. */
export interface FederationMetadata {
  /** TokenIssuerUri. */
  issuer: string
  /** TokenIssuerEpr. */
  sts: string
  /** `next` is not used yet: who knows it early does not notice the roll-over. */
  certificates: { current: X509Certificate; previous?: X509Certificate; next?: X509Certificate }
  /** What requests are encrypted to. */
  encryption?: X509Certificate
}

const mostBytes = 1024 * 1024
const protocol = 'http://docs.oasis-open.org/wsfed/federation/200706'
const roles = ['current', 'previous', 'next'] as const

/** The federation metadata document of an issuer ([WS-Federation 1.2] 3.1; hybrid reference 3.1). */
export function federationMetadata({ issuer, sts, certificates, encryption }: FederationMetadata): string {
  const key = (use: string, name: string, certificate: X509Certificate): Markup =>
    element(
      'md:KeyDescriptor',
      { use },
      element(
        'ds:KeyInfo',
        {},
        element('ds:KeyName', {}, name),
        element('ds:X509Data', {}, element('ds:X509Certificate', {}, certificate.raw.toString('base64'))),
      ),
    )
  const signing = roles.flatMap((role) => {
    const certificate = certificates[role]
    return certificate ? [key('signing', role, certificate)] : []
  })
  const endpoint = element('wsa:EndpointReference', {}, element('wsa:Address', {}, sts))
  const role: Markup = {
    tag: 'md:RoleDescriptor',
    attributes: { 'xsi:type': 'fed:SecurityTokenServiceType', protocolSupportEnumeration: protocol },
    children: [
      ...signing,
      ...(encryption ? [key('encryption', 'current', encryption)] : []),
      element('fed:SecurityTokenServiceEndpoint', {}, endpoint),
    ],
    declare: ['fed'],
  }
  return `<?xml version="1.0" encoding="utf-8"?>${write(element('md:EntityDescriptor', { entityID: issuer }, role))}`
}

/**
 * Reads an issuer's metadata: WS-Federation, or the dialect of 2006-12 (`TokenIssuerName`, `TokenSigningKeyInfo`,
 * `TokenIssuerEndpoint`). Throws TokenFault of the code `UnexpectedAnswer` when it names no issuer, address or certificate.
 */
export function readFederationMetadata(bytes: Uint8Array): FederationMetadata {
  return asAnswer(() => {
    const root = readXml(bytes, { size: mostBytes, depth: 100, nodes: 50_000 })
    return descendants(root, 'RoleDescriptor').some(isIssuer) ? readDescriptor(root) : readOldDialect(root)
  })
}

function readDescriptor(root: XmlElement): FederationMetadata {
  const entity = descendants(root, 'EntityDescriptor').find(
    (node) => node.namespace === namespaces.md && descendants(node, 'RoleDescriptor').some(isIssuer),
  )
  const role = entity && descendants(entity, 'RoleDescriptor').find(isIssuer)
  if (!role) return flawed('the metadata describes no token issuer')
  const keys = descendants(role, 'KeyDescriptor')
  const signing = keys.filter(({ attributes }) => attributes.use !== 'encryption')
  const encryption = keys.find(({ attributes }) => attributes.use === 'encryption')
  const named = new Map(signing.map((node, index) => [textAt(node, 'KeyName') ?? roles[index] ?? String(index), certificateIn(node)]))
  const sts = descendants(role, 'SecurityTokenServiceEndpoint')[0]
  return complete(entity.attributes.entityID, sts && textAt(sts, 'Address'), named, encryption && certificateIn(encryption))
}

function readOldDialect(root: XmlElement): FederationMetadata {
  const signing = descendants(root, 'TokenSigningKeyInfo').filter((node) => descendants(node, 'X509Certificate').length > 0)
  const named = new Map(signing.map((node, index) => [roles[index] ?? String(index), certificateIn(node)]))
  const sts = descendants(root, 'TokenIssuerEndpoint')[0]
  return complete(textAt(root, 'TokenIssuerName'), sts && (textAt(sts, 'Address') ?? textOf(sts).trim()), named, undefined)
}

function complete(
  issuer: string | undefined,
  sts: string | undefined,
  named: Map<string, X509Certificate>,
  encryption: X509Certificate | undefined,
): FederationMetadata {
  const current = named.get('current') ?? [...named.values()][0]
  const previous = named.get('previous')
  const next = named.get('next')
  if (!issuer || !sts || !current) return flawed('the metadata lacks the issuer, its address or its certificate')
  if (URL.parse(sts)?.protocol !== 'https:') flawed('the address of the token issuer is no https URL')
  const certificates = { current, ...(previous ? { previous } : {}), ...(next ? { next } : {}) }
  return { issuer, sts, certificates, ...(encryption ? { encryption } : {}) }
}

function isIssuer(role: XmlElement): boolean {
  return (role.attributes[`{${namespaces.xsi}}type`] ?? '').replace(/^.*:/, '') === 'SecurityTokenServiceType'
}

function descendants(node: XmlElement, name: string): XmlElement[] {
  return elementsOf(node).reduce<XmlElement[]>((found, child) => found.concat(descendants(child, name)), node.name === name ? [node] : [])
}

function textAt(node: XmlElement, name: string): string | undefined {
  const found = descendants(node, name)[0]
  return found && textOf(found).trim()
}

function certificateIn(node: XmlElement): X509Certificate {
  try {
    return certificateOf(textAt(node, 'X509Certificate') ?? '')
  } catch (error) {
    return flawed(`a certificate of the metadata is none (${(error as Error).message})`)
  }
}
