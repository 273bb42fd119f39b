import 'reflect-metadata'
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { isCertificateFor, isCertificateNamed } from '../../src/transport/cross-premises/certificate-names.ts'
import { takeGuarded } from '../../src/transport/cross-premises/header-firewall.ts'
import { createVerifyCertificates } from '../../src/transport/cross-premises/verify-certificate.ts'
import { routeFor } from '../../src/transport/route/next-hop.ts'
import { parseHeaders } from '#wire'
import type { Route } from '#transport'
import { makeAuthority } from './certificate-authority.ts'
import { message } from './mail-site.ts'

const guarded = 'X-MS-Exchange-Organization-AuthAs'

test('the firewall takes guarded fields out and nothing else', () => {
  const clean = message('x')
  assert.equal(takeGuarded(clean).bytes, clean, 'a message without such fields comes back itself')
  const body = 'X-MS-Exchange-Organization-AuthAs: Internal\r\n'
  const both = Buffer.from(`A: 1\r\n${guarded}: Internal\r\n folded\r\nX-MS-Exchange-Organisation: kept\r\nB: 2\r\n\r\n${body}`)
  const { bytes, taken } = takeGuarded(both)
  assert.equal(Buffer.from(bytes).toString(), `A: 1\r\nX-MS-Exchange-Organisation: kept\r\nB: 2\r\n\r\n${body}`)
  assert.deepEqual(taken, [{ key: guarded.toLowerCase(), value: 'Internal folded' }])
  assert.equal(Buffer.from(takeGuarded(Buffer.from(`${guarded}: x`)).bytes).toString(), '')
  assert.equal(Buffer.from(takeGuarded(Buffer.from(`A: 1\r${guarded}: x\r\nB: 2\r\n\r\n`)).bytes).toString(), 'A: 1\r\nB: 2\r\n\r\n')
  assert.deepEqual(takeGuarded(Buffer.alloc(0)).taken, [])
})

test('whatever is written between its letters, no guarded field gets through, and all else stays', () => {
  const junk = fc.constantFrom('', ' ', '\t', '\0', '\r\n ', '\x7f', '\xe4', '\r\n\t\t', '\x0b')
  const ends = fc.constantFrom('\r\n', '\n', '\r')
  const others = fc.array(fc.constantFrom('Subject: x', 'X-Other: 1', 'Received: from a', 'x', ': y', ' folded', ''), { maxLength: 4 })
  const cases = fc.boolean()
  const field = fc
    .tuple(fc.array(fc.tuple(junk, cases), { minLength: guarded.length, maxLength: guarded.length }), ends, junk)
    .map(([between, end, before]) => {
      const name = [...guarded].map((letter, at) => {
        const [gap = '', upper = false] = between[at] ?? []
        return (at === 0 ? '' : gap) + (upper ? letter.toUpperCase() : letter.toLowerCase())
      })
      return `${name.join('')}${before}: Internal${end}`
    })
  const header = fc.array(
    fc.oneof(
      field,
      fc.tuple(others, ends).map(([lines, end]) => lines.map((line) => line + end).join('')),
    ),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(header, fc.string({ unit: 'binary', maxLength: 50 }), (fields, body) => {
      const bytes = Buffer.from(`${fields.join('')}\r\n${body}`, 'latin1')
      const after = Buffer.from(takeGuarded(bytes).bytes)
      const { headers, body: at } = parseHeaders(after)
      const letters = after.toString('latin1', 0, at).replace(/[^\x21-\x7e\r\n]/g, '')
      assert.ok(
        !letters.split(/[\r\n]+/).some((line) => line.toLowerCase().startsWith('x-ms-exchange-organization-')),
        JSON.stringify(letters),
      )
      assert.ok(!headers.some(({ key }) => key.includes('exchange-organization-')))
      assert.deepEqual(Buffer.from(takeGuarded(after).bytes), after, 'a second time there is nothing left to do')
    }),
    { numRuns: 2000 },
  )
})

test('headers as large as messages are go through the firewall in bounded time', () => {
  for (const filler of ['\r\n ', '\n', 'x\n', `${guarded}: x\r\n`, '\0', 'X', '\r', `${guarded}`]) {
    const bytes = Buffer.from(`A: 1\r\n${filler.repeat(10_000_000 / filler.length)}`)
    const from = performance.now()
    takeGuarded(bytes)
    assert.ok(performance.now() - from < 5000, JSON.stringify(filler))
  }
})

test('chains are verified up to an authority', async () => {
  const root = await makeAuthority('CN=Root')
  const now = Date.now()
  const verify = createVerifyCertificates(() => [root.cert])
  const problem = (...pems: { cert: string }[]) =>
    verify(
      pems.map(({ cert }) => new X509Certificate(cert)),
      now,
    )
  const refused = (text: string | undefined) => assert.match(text ?? 'it was trusted', /^(it|its) (?!was trusted)/)
  const middle = await root.issue('CN=Middle', { ca: true })
  const low = await middle.issue('CN=Low', { ca: true })
  const leaf = await low.issue('CN=Leaf')

  assert.equal(problem(await root.issue('CN=Leaf')), undefined)
  assert.equal(problem(leaf, low, middle), undefined)
  assert.equal(problem(leaf, middle, low, root), undefined, 'in whatever order')
  refused(problem(leaf, middle))
  refused(problem(leaf))
  assert.equal(problem(), 'no certificate was shown')
  assert.equal(createVerifyCertificates(() => [leaf.cert])([new X509Certificate(leaf.cert)], now), undefined, 'trusted itself')
  refused(createVerifyCertificates(() => [leaf.cert])([new X509Certificate((await leaf.issue('CN=x')).cert)], now))

  const server = await root.issue('CN=x', { uses: [x509.ExtendedKeyUsage.serverAuth] })
  assert.equal(problem(server), undefined, 'a server shows the certificate it has')
  refused(problem(await root.issue('CN=x', { uses: [x509.ExtendedKeyUsage.emailProtection] })))
  const shallow = await root.issue('CN=Shallow', { ca: true, depth: 0 })
  assert.equal(problem(await shallow.issue('CN=x'), shallow), undefined)
  const below = await shallow.issue('CN=Below', { ca: true })
  refused(problem(await below.issue('CN=x'), below, shallow))
  const old = await root.issue('CN=Old', { ca: true, from: -9, to: -1 })
  refused(problem(await old.issue('CN=x'), old))
  const constrained = await root.issue('CN=Bound', { ca: true, more: [new x509.Extension('2.5.29.30', false, new Uint8Array([48, 0]))] })
  refused(problem(await constrained.issue('CN=x'), constrained))
  refused(problem(await root.issue('CN=x', { more: [new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]))] })))
  const alike = await makeAuthority('CN=Root')
  refused(problem(await alike.issue('CN=x'), alike))
})

test('certificates are recognised by the names that connectors have for them', async () => {
  const ca = await makeAuthority('C=DE, O=Contoso, CN=Contoso CA')
  const of = async (subject: string, names: string[]) => new X509Certificate((await ca.issue(subject, { names })).cert)
  const mail = await of('C=DE, O=Contoso, CN=mail.contoso.com', ['mail.contoso.com', '*.hub.contoso.com'])
  const fits: Record<string, boolean> = {
    'mail.contoso.com': true,
    'MAIL.Contoso.com': true,
    'a.hub.contoso.com': true,
    '*.contoso.com': true,
    '*.hub.contoso.com': true,
    'contoso.com': false,
    'x.mail.contoso.com': false,
    'a.b.hub.contoso.com': false,
    '*.com.example': false,
    '*': false,
    '': false,
    'CN=mail.contoso.com, O=Contoso, C=DE': true,
    'cn=Mail.contoso.com,o="Contoso",c=de': true,
    'CN=mail.contoso.com': false,
    '<I>CN=Contoso CA, O=Contoso, C=DE<S>CN=mail.contoso.com, O=Contoso, C=DE': true,
    '<I>CN=Other CA, O=Contoso, C=DE<S>CN=mail.contoso.com, O=Contoso, C=DE': false,
    '<I>CN=Contoso CA, O=Contoso, C=DE': false,
  }
  for (const [name, expected] of Object.entries(fits)) assert.equal(isCertificateFor(mail, name), expected, name)
  const tricky = await of('O="Contoso, CN=mail.contoso.com", CN=evil.example', ['evil.example'])
  assert.equal(isCertificateFor(tricky, 'mail.contoso.com'), false)
  assert.equal(isCertificateFor(tricky, 'O=Contoso, CN=mail.contoso.com, CN=evil.example'), false, 'a comma in a name is no boundary')
  assert.equal(isCertificateNamed(tricky, '<I>CN=Contoso CA, O=Contoso, C=DE<S>CN=evil.example, O="Contoso, CN=mail.contoso.com"'), true)
  assert.equal(isCertificateFor(await of('CN=only.contoso.com', []), 'only.contoso.com'), true, 'the subject, where there is no other name')
})

test('the most particular route wins, then the lowest cost, then the first', () => {
  const route = (name: string, domains: string[], cost?: number): Route => ({
    ...{ name, domains, hosts: [name], port: 25, tls: 'none' as const },
    ...(cost === undefined ? {} : { cost }),
  })
  const routes = [
    route('all', ['*']),
    route('example', ['*.example'], 9),
    route('dear', ['contoso.example'], 5),
    route('cheap', ['contoso.example'], 2),
    route('same', ['contoso.example'], 2),
    route('sub', ['*.contoso.example']),
  ]
  const chosen = (domain: string) => routeFor(routes, domain)?.name
  assert.equal(chosen('contoso.example'), 'cheap')
  assert.equal(chosen('mail.contoso.example'), 'sub')
  assert.equal(chosen('other.example'), 'example')
  assert.equal(chosen('contoso.com'), 'all')
  assert.equal(routeFor(routes.slice(1), 'contoso.com'), undefined)
})
