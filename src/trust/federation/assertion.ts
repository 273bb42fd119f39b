import type { Instant } from '#model'
import { elementsOf, type XmlElement } from '#wire'
import { flawed } from './flaw.ts'
import { element, type Markup } from './markup.ts'
import { attributeNames, confirmations, nameFormats, namespaces, skew } from './names.ts'
import { all, at, atMostOne, attribute, instantOf, is, one, plainText, uriKey } from './strict.ts'

export type AttributeName = keyof typeof attributeNames

/** What is put into an assertion. */
export interface AssertionFields {
  id: string
  issuer: string
  audience: string
  issued: Instant
  expires: Instant
  nameId: { format: string; value: string }
  /** Whoever holds the key of the xenc:EncryptedKey may use it; without one, the issuer vouches. */
  proof?: Markup
  attributes: Partial<Record<AttributeName, string[]>>
}

/** What a verified assertion says. */
export interface Claims {
  issuer: string
  audience: string
  nameId: string
  /** SMTP addresses of the requester, as written. */
  addresses: string[]
  action: string | undefined
  /** The requester's application URI. */
  requestorDomain: string | undefined
  immutableId: string | undefined
  notBefore: Instant
  notOnOrAfter: Instant
  assertionId: string
}

const time = (instant: Instant): string => new Date(instant).toISOString()

/** A SAML 1.1 assertion, not signed yet ([SAML 1.1] 2.3; hybrid reference 3.3 and 3.6). */
export function assertion({ id, issuer, audience, issued, expires, nameId, proof, attributes }: AssertionFields): Markup {
  const method = proof ? confirmations.holderOfKey : confirmations.senderVouches
  const values = Object.entries(attributes).map(([name, texts]) =>
    element(
      'saml:Attribute',
      { AttributeName: name, AttributeNamespace: attributeNames[name as AttributeName] },
      ...texts.map((text) => element('saml:AttributeValue', {}, text)),
    ),
  )
  return element(
    'saml:Assertion',
    { MajorVersion: '1', MinorVersion: '1', AssertionID: id, Issuer: issuer, IssueInstant: time(issued) },
    element(
      'saml:Conditions',
      { NotBefore: time(issued), NotOnOrAfter: time(expires) },
      element('saml:AudienceRestrictionCondition', {}, element('saml:Audience', {}, audience)),
    ),
    element(
      'saml:AttributeStatement',
      {},
      element(
        'saml:Subject',
        {},
        element('saml:NameIdentifier', { Format: nameId.format }, nameId.value),
        element(
          'saml:SubjectConfirmation',
          {},
          element('saml:ConfirmationMethod', {}, method),
          ...(proof ? [element('ds:KeyInfo', {}, proof)] : []),
        ),
      ),
      ...values,
    ),
  )
}

/** Refuses (Flaw) what is no SAML 1.1 assertion with an issuer and one signature of its own. */
export function expectAssertion(root: XmlElement): { issuer: string; signature: XmlElement } {
  if (!is(root, 'saml', 'Assertion')) flawed(`the token is a ${root.name}`, 'wsse:UnsupportedSecurityToken')
  if (root.attributes.MajorVersion !== '1' || root.attributes.MinorVersion !== '1') {
    flawed('the token is no SAML 1.1 assertion', 'wsse:UnsupportedSecurityToken')
  }
  if (count(root, namespaces.saml, 'Assertion') !== 1) flawed('the token has an assertion within', 'wsse:InvalidSecurityToken')
  if (count(root, namespaces.ds, 'Signature') !== 1) flawed('the assertion has not exactly one signature', 'wsse:InvalidSecurityToken')
  return { issuer: attribute(root, 'Issuer'), signature: one(root, 'ds', 'Signature') }
}

function count(node: XmlElement, namespace: string, name: string): number {
  const own = node.name === name && node.namespace === namespace ? 1 : 0
  return elementsOf(node).reduce((sum, child) => sum + count(child, namespace, name), own)
}

/**
 * The claims of an assertion, from its signed bytes alone, and the confirmation of its subject. Conditions we do not know, a
 * second statement of attributes and parts that are missing are a Flaw.
 */
export function readClaims(signed: XmlElement): { claims: Claims; audiences: string[]; method: string; proof: XmlElement | undefined } {
  const conditions = one(signed, 'saml', 'Conditions')
  for (const { name } of elementsOf(conditions)) {
    if (name !== 'AudienceRestrictionCondition' && name !== 'DoNotCacheCondition') flawed(`the condition ${name} is not known`)
  }
  const audiences = all(one(conditions, 'saml', 'AudienceRestrictionCondition'), 'saml', 'Audience').map(plainText)
  const statement = one(signed, 'saml', 'AttributeStatement')
  const subject = one(statement, 'saml', 'Subject')
  const name = one(subject, 'saml', 'NameIdentifier')
  const confirmation = one(subject, 'saml', 'SubjectConfirmation')
  const keyInfo = atMostOne(confirmation, 'ds', 'KeyInfo')
  const values = new Map<string, string[]>()
  for (const node of all(statement, 'saml', 'Attribute')) {
    const key = attribute(node, 'AttributeName').toLowerCase()
    values.set(key, [...(values.get(key) ?? []), ...all(node, 'saml', 'AttributeValue').map(plainText)])
  }
  const nameId = plainText(name)
  const isAddress = name.attributes.Format === nameFormats.email
  const addresses = [...(values.get('emailaddress') ?? []), ...(values.get('emailaddresses') ?? []), ...(isAddress ? [nameId] : [])]
  const single = (key: string): string | undefined => {
    const found = values.get(key) ?? []
    if (found.length > 1) flawed(`the assertion has more than one ${key}`)
    return found[0]
  }
  const claims: Claims = {
    issuer: attribute(signed, 'Issuer'),
    audience: audiences[0] ?? flawed('the assertion is for nobody'),
    nameId,
    addresses: [...new Set(addresses)],
    action: single('action'),
    requestorDomain: single('requestordomain'),
    immutableId: single('immutableid'),
    notBefore: instantOf(attribute(conditions, 'NotBefore')),
    notOnOrAfter: instantOf(attribute(conditions, 'NotOnOrAfter')),
    assertionId: attribute(signed, 'AssertionID'),
  }
  const proof = keyInfo && atMostOne(keyInfo, 'xenc', 'EncryptedKey')
  return { claims, audiences, method: plainText(at(confirmation, 'saml', 'ConfirmationMethod')), proof }
}

/** Refuses (Flaw) an assertion that is not valid now, or for none of `ours`. Clocks may be 5 minutes apart. */
export function expectConditions({
  claims,
  audiences,
  now,
  ours,
}: {
  claims: Claims
  audiences: string[]
  now: Instant
  ours: string[]
}): void {
  if (claims.notOnOrAfter <= claims.notBefore) flawed('the assertion is never valid')
  if (claims.notBefore > now + skew) flawed(`the assertion is not valid yet (from ${time(claims.notBefore)})`)
  if (claims.notOnOrAfter <= now - skew) flawed(`the assertion has expired (${time(claims.notOnOrAfter)})`)
  const known = new Set(ours.map(uriKey))
  if (!audiences.some((audience) => known.has(uriKey(audience)))) flawed(`the assertion is for ${audiences.join(', ').slice(0, 200)}`)
}
