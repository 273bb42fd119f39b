import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DisableApp, GetAppManifests, GetClientAccessToken, InstallApp, UninstallApp } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
/** A manifest as its vendor writes it, with what is left out or put in. */
const manifest = (number: number, { without = '', version = '1.0', more = '' } = {}): string => {
  const parts = {
    Id: `<Id>${id(number).toUpperCase()}</Id>`,
    Version: `<Version>${version}</Version>`,
    ProviderName: '<ProviderName>Contoso</ProviderName>',
    DefaultLocale: '<DefaultLocale>en-US</DefaultLocale>',
    DisplayName: '<DisplayName DefaultValue="Maps"/>',
    Description: '<Description DefaultValue="Shows places."/>',
  }
  const said = Object.entries(parts).flatMap(([name, xml]) => (name === without ? [] : [xml]))
  const text =
    '<?xml version="1.0" encoding="utf-8"?><OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1" ' +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="MailApp">${said.join('')}${more}</OfficeApp>`
  return Buffer.from(text).toString('base64')
}

for (const engine of quickEngines) {
  test(`[MS-OXWSCEXT] 3.1.4.1, 3.1.4.2, 3.1.4.5 and 3.1.4.6: apps are installed, listed, disabled and uninstalled (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const install = async (Manifest: string) => only([await mary.call(InstallApp, { Manifest })]).WasFirstInstall
    const listed = async (who = mary) => only([await who.call(GetAppManifests, {})]).Manifests
    assert.equal(await install(manifest(1)), true)
    assert.equal(await install(manifest(2)), true)
    assert.deepEqual(await listed(), [manifest(1), manifest(2)], 'byte for byte')
    assert.deepEqual(await listed(ewsClient(site, 'rob')), [], 'apps are one mailbox’s')
    assert.equal(await install(manifest(1, { version: '2.0' })), false, 'another version of the same app')
    assert.deepEqual(await listed(), [manifest(2), manifest(1, { version: '2.0' })])

    const disable = (ID: string) => mary.call(DisableApp, { ID, DisableReason: 'OutlookClientPerformance' })
    assert.deepEqual(codes([await disable(id(2))]), ['NoError'])
    assert.deepEqual(await listed(), [manifest(1, { version: '2.0' })])
    assert.equal(await install(manifest(2)), false)
    assert.equal((await listed()).length, 2, 'installed again it is enabled again')
    assert.deepEqual(codes([await mary.call(UninstallApp, { ID: `{${id(2).toUpperCase()}}` })]), ['NoError'])
    assert.deepEqual(codes([await mary.call(UninstallApp, { ID: id(2) })]), ['ErrorExtensionNotFound'])
    assert.deepEqual(codes([await disable(id(2))]), ['ErrorExtensionNotFound'])
    assert.deepEqual(await listed(), [manifest(1, { version: '2.0' })])
  })

  test(`[MS-OXWSCEXT] 3.1.4.4 and 3.1.4.5: what is no manifest, or too much, is refused; apps get no tokens (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const install = async (Manifest: string) => codes([await mary.call(InstallApp, { Manifest })])[0]
    const encoded = (text: string) => Buffer.from(text).toString('base64')
    const plain = Buffer.from(manifest(1), 'base64').toString()
    const bad = [
      encoded('no XML'),
      encoded('<OfficeApp/>'),
      encoded(plain.replace('MailApp', 'TaskPaneApp')),
      encoded(plain.replace(/<Id>.*<\/Id>/, '<Id>maps</Id>')),
      encoded(plain.replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>')),
      manifest(1, { more: `<a>${'x'.repeat(256 * 1024)}</a>` }),
      manifest(1, { more: '<a>'.repeat(60) + '</a>'.repeat(60) }),
      ...['Id', 'Version', 'ProviderName', 'DefaultLocale', 'DisplayName', 'Description'].map((without) => manifest(1, { without })),
    ]
    for (const one of bad) assert.equal(await install(one), 'ErrorInvalidRequest', Buffer.from(one, 'base64').toString().slice(0, 300))
    assert.deepEqual(only([await mary.call(GetAppManifests, {})]).Manifests, [])
    for (let number = 1; number <= 50; number++) assert.equal(await install(manifest(number)), 'NoError')
    assert.equal(await install(manifest(51)), 'ErrorDataSizeLimitExceeded')
    assert.equal(await install(manifest(50)), 'NoError', 'one that is there can always be installed again')
    const TokenRequests = [id(1), id(99)].map((Id) => ({ Id, TokenType: 'CallerIdentity' as const }))
    const tokens = codes(await mary.call(GetClientAccessToken, { TokenRequests }))
    assert.deepEqual(tokens, ['ErrorInvalidClientAccessTokenRequest', 'ErrorExtensionNotFound'])
  })
}
