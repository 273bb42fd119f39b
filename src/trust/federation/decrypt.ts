import { constants, createDecipheriv, privateDecrypt, type DecipherGCM, type X509Certificate } from 'node:crypto'
import { elementsOf, type XmlElement } from '#wire'
import { subjectKeyIdentifierOf, thumbprintOf, type KeyPair } from '../keys/key-pair.ts'
import type { Random } from './encrypt.ts'
import { flawed } from './flaw.ts'
import { contentCiphers, namespaces, oaep, oaepMgf1p, valueTypes } from './names.ts'
import { at, atMostOne, attribute, bytesOf, one, plainText } from './strict.ts'

/** What came out. With a `flaw` it is rubbish that goes the same way as the rest and fails there. */
export interface Opened {
  bytes: Buffer
  flaw?: string
}

/**
 * Opens an xenc:EncryptedData with the one of the keys that it names. A key that is not ours, does not open or opens
 * something of the wrong size is replaced by a random one, so that every such failure looks alike ([XML Encryption 1.1]
 * 6.1.3). Algorithms that are not allowed and missing parts are a Flaw at once: they were to be read by everybody.
 */
export function openEncryptedData(node: XmlElement, keys: KeyPair[], random: Random): Opened {
  const { cipher, sealed } = sealedContent(node)
  const keyInfo = one(node, 'ds', 'KeyInfo')
  const key = openEncryptedKey(one(keyInfo, 'xenc', 'EncryptedKey'), keys, random, [cipher.key])
  const content = decipher(sealed, key.bytes, cipher)
  const flaw = key.flaw ?? content.flaw
  return { bytes: content.bytes, ...(flaw === undefined ? {} : { flaw }) }
}

/** The same for one that is under a key that both sides have already: it names none. A key that does not fit the cipher is a Flaw. */
export function openWithKey(node: XmlElement, key: Buffer): Opened {
  const { cipher, sealed } = sealedContent(node)
  if (key.length !== cipher.key) flawed('the key does not fit the cipher')
  return decipher(sealed, key, cipher)
}

function sealedContent(node: XmlElement) {
  const method = attribute(one(node, 'xenc', 'EncryptionMethod'), 'Algorithm')
  const cipher =
    (Object.hasOwn(contentCiphers, method) && contentCiphers[method]) ||
    flawed(`the cipher ${method} is not allowed`, 'wsse:UnsupportedAlgorithm')
  return { cipher, sealed: bytesOf(at(node, 'xenc', 'CipherData', 'CipherValue')) }
}

/** Opens an xenc:EncryptedKey; see `openEncryptedData`. `sizes` are the lengths in bytes that it may have. */
export function openEncryptedKey(node: XmlElement, keys: KeyPair[], random: Random, sizes: number[]): Opened {
  const methodNode = one(node, 'xenc', 'EncryptionMethod')
  const oaepHash = oaepHashOf(methodNode)
  const sealed = bytesOf(at(node, 'xenc', 'CipherData', 'CipherValue'))
  const keyInfo = one(node, 'ds', 'KeyInfo')
  const spare = Buffer.from(random(sizes[0] ?? 32))
  const pair = keys.find(({ certificate }) => isNamed(keyInfo, certificate))
  if (!pair) return { bytes: spare, flaw: 'the token is encrypted to a certificate that is not ours' }
  try {
    const bytes = privateDecrypt({ key: pair.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, sealed)
    return sizes.includes(bytes.length) ? { bytes } : { bytes: spare, flaw: 'the encrypted key has the wrong size' }
  } catch (error) {
    return { bytes: spare, flaw: `the encrypted key does not open (${(error as Error).message})` }
  }
}

function oaepHashOf(method: XmlElement): string {
  const algorithm = attribute(method, 'Algorithm')
  const digestNode = atMostOne(method, 'ds', 'DigestMethod')
  const digest = digestNode ? attribute(digestNode, 'Algorithm') : `${namespaces.ds}sha1`
  const maskNode = atMostOne(method, 'xenc11', 'MGF')
  const mask = maskNode ? attribute(maskNode, 'Algorithm') : `${namespaces.xenc11}mgf1sha1`
  const extra = atMostOne(method, 'xenc', 'OAEPparams')
  const has = (hash: string) => digest.endsWith(`#${hash}`) && mask === `${namespaces.xenc11}mgf1${hash}`
  if (!extra && has('sha1') && (algorithm === oaepMgf1p || algorithm === oaep)) return 'sha1'
  if (!extra && has('sha256') && algorithm === oaep) return 'sha256'
  return flawed(`the key transport ${algorithm} is not allowed`, 'wsse:UnsupportedAlgorithm')
}

/** Whether a ds:KeyInfo names this certificate: by SKI, thumbprint, issuer and serial, or itself. */
export function isNamed(keyInfo: XmlElement, certificate: X509Certificate): boolean {
  const reference = atMostOne(keyInfo, 'wsse', 'SecurityTokenReference') ?? keyInfo
  const identifier = atMostOne(reference, 'wsse', 'KeyIdentifier')
  if (identifier) {
    const type = attribute(identifier, 'ValueType')
    const value = plainText(identifier)
    if (type === valueTypes.subjectKeyIdentifier) return value === subjectKeyIdentifierOf(certificate)
    return type === valueTypes.thumbprint && value === Buffer.from(thumbprintOf(certificate), 'hex').toString('base64')
  }
  const data = atMostOne(reference, 'ds', 'X509Data')
  return data !== undefined && elementsOf(data).some((child) => isNamedBy(child, certificate))
}

function isNamedBy(child: XmlElement, certificate: X509Certificate): boolean {
  if (child.namespace !== namespaces.ds) return false
  if (child.name === 'X509SKI') return plainText(child) === subjectKeyIdentifierOf(certificate)
  if (child.name === 'X509Certificate') return bytesOf(child).equals(certificate.raw)
  if (child.name !== 'X509IssuerSerial') return false
  const serial = plainText(one(child, 'ds', 'X509SerialNumber'))
  if (serial !== BigInt(`0x${certificate.serialNumber}`).toString()) return false
  return parts(plainText(one(child, 'ds', 'X509IssuerName')).split(',')) === parts(certificate.issuer.split('\n'))
}

/** A distinguished name for comparison: writers disagree about order and blanks. */
function parts(name: string[]): string {
  return name
    .map((part) => part.trim().toLowerCase())
    .toSorted()
    .join()
}

function decipher(sealed: Buffer, key: Buffer, { cipher, iv, gcm }: { cipher: string; iv: number; gcm: boolean }): Opened {
  const tag = gcm ? 16 : 0
  const content = sealed.subarray(iv, Math.max(iv, sealed.length - tag))
  if (sealed.length < iv + tag || (!gcm && (content.length === 0 || content.length % 16 !== 0))) {
    return { bytes: Buffer.alloc(0), flaw: 'the ciphertext is cut off' }
  }
  const engine = createDecipheriv(cipher, key, sealed.subarray(0, iv))
  if (gcm) (engine as DecipherGCM).setAuthTag(sealed.subarray(sealed.length - tag))
  else engine.setAutoPadding(false)
  const bytes = engine.update(content)
  try {
    engine.final()
  } catch (error) {
    return { bytes, flaw: `the ciphertext was changed (${(error as Error).message})` }
  }
  if (gcm) return { bytes }
  // The last byte says how many to drop; the others may be anything ([XML Encryption 1.1] 5.2.1).
  const padding = bytes[bytes.length - 1] ?? 0
  if (padding < 1 || padding > 16) return { bytes, flaw: 'the padding is wrong' }
  return { bytes: bytes.subarray(0, bytes.length - padding) }
}
