import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { itemXml, person } from './person.ts'

test('over HTTPS, and over nothing else: MS-OXWSATT_R318 MS-OXWSMSG_R183 MS-OXWSBTRF_R6', async () => {
  await using site = await startTestSite()
  assert.match(site.url, /^https:/)
  const mary = person(site)
  const file = '<t:FileAttachment><t:Name>f</t:Name><t:Content>YQ==</t:Content></t:FileAttachment>'
  const made = await mary.create(`<t:Message><t:Subject>x</t:Subject><t:Attachments>${file}</t:Attachments></t:Message>`)
  assert.deepEqual(await mary.codes(`<m:ExportItems><m:ItemIds>${itemXml(made)}</m:ItemIds></m:ExportItems>`), ['NoError'])
  assert.equal(site.ports.http, undefined, 'there is no listener without TLS unless one is asked for')
  const unsafe = await new Promise<string>((resolve) => {
    request({ host: '127.0.0.1', port: site.ports.https, path: '/EWS/Exchange.asmx', method: 'POST' })
      .on('response', (answer) => resolve(answer.resume() && String(answer.statusCode)))
      .on('error', () => resolve('nothing'))
      .end()
  })
  assert.ok(unsafe === 'nothing' || unsafe === '400', unsafe)
})
