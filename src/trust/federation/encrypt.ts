import { constants, createCipheriv, publicEncrypt, type CipherGCM, type X509Certificate } from 'node:crypto'
import { element, write, type Markup } from './markup.ts'
import { algorithmSets, contentCiphers, namespaces, oaepMgf1p, type Algorithms } from './names.ts'
import { certificateReference } from './sign.ts'

/** Where fresh bytes come from. */
export type Random = (size: number) => Uint8Array

/**
 * An element as xenc:EncryptedData that the certificate's owner alone opens: a fresh AES-256 key, wrapped with RSA-OAEP and
 * named by the certificate's Subject Key Identifier ([XML Encryption 1.1] 4.3; hybrid reference 3.6).
 */
export function encryptElement(
  xml: string,
  to: X509Certificate,
  { algorithms, random }: { algorithms: Algorithms; random: Random },
): string {
  const key = random(32)
  return encryptedData(xml, key, { algorithms, random }, element('ds:KeyInfo', {}, encryptedKey(key, to)))
}

/** An element as xenc:EncryptedData under a key of 32 bytes that both sides have already, such as a token's proof key. */
export function encryptWithKey(xml: string, key: Uint8Array, by: { algorithms: Algorithms; random: Random }): string {
  return encryptedData(xml, key, by)
}

function encryptedData(
  xml: string,
  key: Uint8Array,
  { algorithms, random }: { algorithms: Algorithms; random: Random },
  keyInfo?: Markup,
): string {
  const method = algorithmSets[algorithms].content
  const cipher = contentCiphers[method]
  if (!cipher) throw new Error(`no cipher ${method}`)
  const iv = random(cipher.iv)
  const engine = createCipheriv(cipher.cipher, key, iv)
  const sealed = Buffer.concat([
    iv,
    engine.update(xml, 'utf8'),
    engine.final(),
    ...(cipher.gcm ? [(engine as CipherGCM).getAuthTag()] : []),
  ])
  return write(
    element(
      'xenc:EncryptedData',
      { Type: `${namespaces.xenc}Element` },
      element('xenc:EncryptionMethod', { Algorithm: method }),
      ...(keyInfo ? [keyInfo] : []),
      element('xenc:CipherData', {}, element('xenc:CipherValue', {}, sealed.toString('base64'))),
    ),
  )
}

/** A key as xenc:EncryptedKey that the certificate's owner alone opens. */
export function encryptedKey(key: Uint8Array, to: X509Certificate): Markup {
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  const sealed = publicEncrypt({ key: to.publicKey, ...padding }, key)
  return element(
    'xenc:EncryptedKey',
    {},
    element('xenc:EncryptionMethod', { Algorithm: oaepMgf1p }, element('ds:DigestMethod', { Algorithm: `${namespaces.ds}sha1` })),
    element('ds:KeyInfo', {}, certificateReference(to)),
    element('xenc:CipherData', {}, element('xenc:CipherValue', {}, sealed.toString('base64'))),
  )
}
