import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { serverCertificate } from '#trust'

const day = 86_400_000
const names = ['localhost', '127.0.0.1', 'contoso.com', 'autodiscover.contoso.com']

test('the CA is made once; the server certificate lasts until it is near its end or lacks a name', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-'))
  t.after(() => rm(folder, { recursive: true }))
  const time = { now: Date.now() }
  const get = (more: string[] = []) =>
    serverCertificate({ folder, organisation: 'Contoso', names: [...names, ...more], clock: () => time.now })
  const first = await get()
  const certificate = new X509Certificate(first.cert)
  assert.ok(certificate.verify(new X509Certificate(first.ca).publicKey))
  assert.match(certificate.subjectAltName ?? '', /DNS:autodiscover\.contoso\.com/)
  assert.ok(certificate.checkIP('127.0.0.1'))
  for (const name of ['ca-key.pem', 'server-key.pem']) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600)

  assert.equal((await get()).cert, first.cert)
  time.now += 300 * day
  assert.equal((await get()).cert, first.cert)
  time.now += 70 * day
  const second = await get()
  assert.notEqual(second.cert, first.cert)
  assert.equal(second.ca, first.ca)
  const third = await get(['mail.contoso.com'])
  assert.notEqual(third.cert, second.cert)
  assert.ok(new X509Certificate(third.cert).checkHost('mail.contoso.com'))
})

test('without a folder everything stays in memory', async () => {
  const made = await serverCertificate({ organisation: 'Contoso', names, clock: Date.now })
  assert.equal(made.caFile, '')
  assert.ok(new X509Certificate(made.cert).verify(new X509Certificate(made.ca).publicKey))
})
