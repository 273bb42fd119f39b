import { createHash, createHmac, sign, type X509Certificate } from 'node:crypto'
import { subjectKeyIdentifierOf, type KeyPair } from '../keys/key-pair.ts'
import { element, write, type Markup } from './markup.ts'
import { algorithmSets, base64Encoding, enveloped, exclusiveC14n, valueTypes, type Algorithms } from './names.ts'

/** An element to be covered by a signature. */
export interface Signed {
  /** The value of its id attribute. */
  id: string
  content: Markup
  /** The signature will stand within it. */
  enveloped?: boolean
}

/**
 * A ds:Signature over elements, each by its id ([XML Signature] 3.1): RSA with a key pair, HMAC with a secret.
 * `keyInfo` says in the receiver's terms which key it was.
 */
export function signature({
  over,
  key,
  keyInfo,
  algorithms,
}: {
  over: Signed[]
  key: KeyPair | Uint8Array
  keyInfo?: Markup
  algorithms: Algorithms
}): Markup {
  const set = algorithmSets[algorithms]
  const isSecret = key instanceof Uint8Array
  const references = over.map(({ id, content, enveloped: isWithin }) =>
    element(
      'ds:Reference',
      { URI: `#${id}` },
      element(
        'ds:Transforms',
        {},
        ...(isWithin ? [element('ds:Transform', { Algorithm: enveloped })] : []),
        element('ds:Transform', { Algorithm: exclusiveC14n }),
      ),
      element('ds:DigestMethod', { Algorithm: set.digest }),
      element('ds:DigestValue', {}, createHash(set.hash).update(write(content)).digest('base64')),
    ),
  )
  const info = element(
    'ds:SignedInfo',
    {},
    element('ds:CanonicalizationMethod', { Algorithm: exclusiveC14n }),
    element('ds:SignatureMethod', { Algorithm: isSecret ? set.hmac : set.rsa }),
    ...references,
  )
  const bytes = Buffer.from(write(info))
  const value = isSecret ? createHmac(set.hash, key).update(bytes).digest() : sign(set.hash, bytes, key.privateKey)
  return element(
    'ds:Signature',
    {},
    info,
    element('ds:SignatureValue', {}, value.toString('base64')),
    ...(keyInfo ? [element('ds:KeyInfo', {}, keyInfo)] : []),
  )
}

/** The element with an enveloped signature over it as its last child. */
export function signEnveloped(node: Markup, id: string, key: KeyPair, algorithms: Algorithms): Markup {
  const keyInfo = certificateReference(key.certificate)
  const over = [{ id, content: node, enveloped: true }]
  return { ...node, children: [...node.children, signature({ over, key, keyInfo, algorithms })] }
}

/** Names a certificate by its Subject Key Identifier, else by issuer and serial number ([WSS X.509 Token Profile] 3.2). */
export function certificateReference(certificate: X509Certificate): Markup {
  const identifier = subjectKeyIdentifierOf(certificate)
  if (identifier) return keyIdentifier(valueTypes.subjectKeyIdentifier, identifier)
  const serial = element(
    'ds:X509IssuerSerial',
    {},
    element('ds:X509IssuerName', {}, certificate.issuer.split('\n').toReversed().join(', ')),
    element('ds:X509SerialNumber', {}, BigInt(`0x${certificate.serialNumber}`).toString()),
  )
  return element('wsse:SecurityTokenReference', {}, element('ds:X509Data', {}, serial))
}

/** Names a SAML assertion by its id ([WSS SAML Token Profile] 3.3.1). */
export function assertionReference(assertionId: string): Markup {
  return element('wsse:SecurityTokenReference', {}, element('wsse:KeyIdentifier', { ValueType: valueTypes.assertion }, assertionId))
}

function keyIdentifier(valueType: string, value: string): Markup {
  const attributes = { EncodingType: base64Encoding, ValueType: valueType }
  return element('wsse:SecurityTokenReference', {}, element('wsse:KeyIdentifier', attributes, value))
}
