import type { Instant } from '#model'
import { childNamed, elementsOf, type XmlElement } from '#wire'
import { readFault } from './fault.ts'
import { flawed } from './flaw.ts'
import { namespaces, valueTypes } from './names.ts'
import { asAnswer } from './answer.ts'
import { all, at, attribute, atMostOne, bytesOf, instantOf, is, one, openEnvelope, plainText, readStrict } from './strict.ts'
import { standalone } from './verify.ts'

/** A token for one organisation, kept until it expires. It is a secret, and so is the proof key. */
export interface IssuedToken {
  /** The xenc:EncryptedData as it came. */
  token: string
  assertionId: string
  proofKey: Buffer
  expires: Instant
}

/**
 * The token of an STS's answer. A SOAP fault throws TokenFault as it is, an answer that is none throws a TokenFault of the
 * code `UnexpectedAnswer` ([WS-Trust 2005/02] 4.2; hybrid reference 3.4: the order of the parts does not matter).
 */
export function readTokenResponse(bytes: Uint8Array): IssuedToken {
  return asAnswer(() => {
    const document = readStrict(bytes)
    readFault(document)
    const { body } = openEnvelope(document.root, 's12')
    const response = responseOf(body)
    const token = standalone(document, one(response, 'wst', 'RequestedSecurityToken'), 'xenc', 'EncryptedData')
    const proof = at(response, 'wst', 'RequestedProofToken')
    return {
      token,
      assertionId: assertionIdOf(response),
      proofKey: proofKeyOf(proof),
      expires: instantOf(plainText(one(at(response, 'wst', 'Lifetime'), 'wsu', 'Expires'))),
    }
  })
}

function responseOf(body: XmlElement): XmlElement {
  const collection = atMostOne(body, 'wst', 'RequestSecurityTokenResponseCollection')
  return one(collection ?? body, 'wst', 'RequestSecurityTokenResponse')
}

function assertionIdOf(response: XmlElement): string {
  const reference = ['RequestedAttachedReference', 'RequestedUnattachedReference']
    .map((name) => childNamed(response, name, namespaces.wst))
    .find((node) => node !== undefined)
  if (!reference) return flawed('the answer does not name the assertion')
  const identifier = one(one(reference, 'wsse', 'SecurityTokenReference'), 'wsse', 'KeyIdentifier')
  if (attribute(identifier, 'ValueType') !== valueTypes.assertion) flawed('the answer does not name the assertion')
  return plainText(identifier)
}

function proofKeyOf(proof: XmlElement): Buffer {
  const [secret] = all(proof, 'wst', 'BinarySecret')
  if (!secret || elementsOf(proof).length !== 1 || !is(secret, 'wst', 'BinarySecret')) return flawed('the answer has no proof key')
  const key = bytesOf(secret)
  return key.length >= 16 && key.length <= 64 ? key : flawed('the proof key has a strange size')
}
