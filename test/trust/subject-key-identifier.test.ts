import 'reflect-metadata'
import assert from 'node:assert/strict'
import { webcrypto, X509Certificate } from 'node:crypto'
import test from 'node:test'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { keyPairOf, makeKeyPair, subjectKeyIdentifierOf } from '#trust'
import { derElements, extensionOf } from '../../src/trust/keys/der.ts'

const keyIdentifier = Buffer.from('551d0e', 'hex')
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

async function certificateWith(extensions: x509.Extension[]): Promise<X509Certificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=a', keys, signingAlgorithm: algorithm, extensions })
  return new X509Certificate(made.toString('pem'))
}

test('the Subject Key Identifier is the one that another reader finds', async () => {
  const made = keyPairOf(await makeKeyPair({ subject: 'mail.contoso.com', now: Date.now() })).certificate
  const usage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)
  for (const certificate of [
    made,
    await certificateWith([new x509.SubjectKeyIdentifierExtension('00ff10')]),
    await certificateWith([usage, new x509.SubjectKeyIdentifierExtension('ab'.repeat(200), true)]),
  ]) {
    const found = new x509.X509Certificate(certificate.raw).getExtension(x509.SubjectKeyIdentifierExtension)
    assert.ok(found)
    assert.equal(subjectKeyIdentifierOf(certificate), Buffer.from(found.keyId, 'hex').toString('base64'))
  }
  assert.equal(subjectKeyIdentifierOf(await certificateWith([usage])), undefined)
  assert.equal(subjectKeyIdentifierOf(await certificateWith([])), undefined)
})

test('bytes that are no certificate have no extension, whatever they are', async () => {
  const { raw } = await certificateWith([new x509.SubjectKeyIdentifierExtension('00ff10')])
  const damaged = fc.record({ at: fc.nat(raw.length - 1), value: fc.nat(255), length: fc.nat(raw.length) }).map(({ at, value, length }) => {
    const bytes = Buffer.from(raw)
    bytes[at] = value
    return bytes.subarray(0, length)
  })
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 }).map(Buffer.from)), (bytes) => {
      const found = extensionOf(bytes, keyIdentifier)
      assert.ok(found === undefined || found.length <= bytes.length)
      assert.ok(derElements(bytes).every(({ content }) => content.length <= bytes.length))
    }),
    { numRuns: 2000 },
  )
})
