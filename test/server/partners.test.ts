import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartProblem } from '#server'
import { readDestination, writeDestination } from '../../src/server/destination.ts'
import { hostFinder, mailHostFinder, serverNames } from '../../src/server/partners.ts'
import { desk } from '../admin/desk.ts'

const nowhere = { addresses: async () => [] }

test('a destination is an address or name, with a port or without; IPv6 takes brackets for one', () => {
  const rows = {
    '10.0.0.5:8443': { address: '10.0.0.5', port: 8443 },
    '10.0.0.5': { address: '10.0.0.5' },
    'localhost:8443': { address: 'localhost', port: 8443 },
    '2001:db8::5': { address: '2001:db8::5' },
    '[2001:db8::5]': { address: '2001:db8::5' },
    '[2001:db8::5]:8443': { address: '2001:db8::5', port: 8443 },
    '::1': { address: '::1' },
  }
  for (const [text, wanted] of Object.entries(rows)) assert.deepEqual(readDestination(text), wanted, text)
  for (const text of ['', ':8443', 'a:b:c', '[10.0.0.5]:1', '[::1', '10.0.0.5:0', '10.0.0.5:99999', '10.0.0.5:x', 'a b:1', '[::1]8443'])
    assert.equal(readDestination(text), undefined, text)
  for (const at of [
    { address: '::1', port: 8443 },
    { address: '10.0.0.5', port: 1 },
    { address: 'localhost', port: 25 },
  ])
    assert.deepEqual(readDestination(writeDestination(at)), at)
})

test('partners.hosts leads to IPv6 too, and a row that leads nowhere is named', async () => {
  const findHost = hostFinder({ 'mail.contoso.com': '2001:db8::5', 'Mail.Contoso.com:25': '[2001:db8::5]:2525' }, nowhere)
  assert.deepEqual(await findHost('MAIL.contoso.com'), [{ address: '2001:db8::5' }])
  assert.deepEqual(await mailHostFinder(findHost, nowhere)('mail.contoso.com', 25), [{ address: '2001:db8::5', port: 2525 }])
  assert.throws(
    () => hostFinder({ 'mail.contoso.com': 'a:b:c' }, nowhere),
    (error) => error instanceof StartProblem && /partners\.hosts: "mail\.contoso\.com".*"a:b:c"/.test(error.message),
  )
})

test('tokens may be made out to autodiscover of the default domain alone: others may be shared with the other premises', async () => {
  await using site = await desk()
  await site.directory.addAcceptedDomain({ organisation: site.organisation, domain: 'Contoso.example', type: 'Authoritative' })
  await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.example' })
  assert.deepEqual((await serverNames(site.directory, site.organisation, ['mail.contoso.com'])).toSorted(), [
    'autodiscover.contoso.com',
    'mail.contoso.com',
  ])
})
