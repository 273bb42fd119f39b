import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetUserPhoto, SetUserPhoto } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)])
const asked = { Email: 'mary@contoso.com', SizeRequested: 'HR96x96' as const }

for (const engine of quickEngines) {
  test(`MS-OXWSCONT_R302024 R302025 R302026 R302027 R302048 R302049 R302056 R302058 R30205601 R302077 [MS-OXWSPHOTO] 3.1.4.1 and 3.1.4.2: a picture that people give themselves, whatever size is asked for (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const rob = ewsClient(site, 'rob')
    assert.deepEqual(codes([await rob.call(GetUserPhoto, asked)]), ['ErrorItemNotFound'])
    const set = (client: typeof mary, Content: string, Email = 'mary@contoso.com') => client.call(SetUserPhoto, { Email, Content })
    assert.deepEqual(codes([await set(rob, picture.toString('base64'))]), ['ErrorAccessDenied'])
    assert.deepEqual(codes([await set(mary, Buffer.from('<html>').toString('base64'))]), ['ErrorInvalidPhotoSize'])
    only([await set(mary, picture.toString('base64'))])
    for (const side of [48, 64, 96, 120, 240, 360, 432, 504, 648] as const) {
      const got = only([await rob.call(GetUserPhoto, { ...asked, SizeRequested: `HR${side}x${side}` as 'HR48x48' })])
      assert.deepEqual([got.HasChanged, got.ContentType, got.PictureData], [true, 'image/png', picture.toString('base64')])
    }
    assert.deepEqual(codes([await rob.call(GetUserPhoto, { ...asked, Email: 'nonsense' })]), ['ErrorInvalidSmtpAddress'])
  })

  test(`MS-OXWSCONT_R30205602: whoever has the picture is told so, by SOAP and by its address (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    only([await ewsClient(site).call(SetUserPhoto, { Email: 'mary@contoso.com', Content: picture.toString('base64') })])
    const soap = (headers: Record<string, string>) =>
      site.call('/EWS/Exchange.asmx', {
        method: 'POST',
        user: 'rob',
        headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
        body:
          '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
          '<GetUserPhoto xmlns="http://schemas.microsoft.com/exchange/services/2006/messages"><Email>mary@contoso.com</Email><SizeRequested>HR48x48</SizeRequested></GetUserPhoto>' +
          '</s:Body></s:Envelope>',
      })
    const first = await soap({})
    const etag = first.headers.etag ?? ''
    assert.match(etag, /^"[0-9a-f]+"$/)
    assert.match(first.body, /<m:HasChanged>true</)
    const again = await soap({ 'if-none-match': etag })
    assert.match(again.body, /<m:HasChanged>false</)
    assert.doesNotMatch(again.body, /PictureData/)

    const at = (query: string, headers: Record<string, string> = {}, user: string | undefined = 'rob') =>
      site.call(`/EWS/Exchange.asmx/s/GetUserPhoto?${query}`, { headers, ...(user ? { user } : {}) })
    const plain = await at('email=mary@contoso.com&size=HR648x648')
    assert.deepEqual([plain.status, plain.headers['content-type'], plain.headers.etag], [200, 'image/png', etag])
    assert.deepEqual(plain.bytes, picture)
    assert.equal((await at('email=mary@contoso.com&size=HR48x48', { 'if-none-match': `"x", W/${etag}` })).status, 304)
    assert.equal((await at('email=ann@contoso.com&size=HR48x48')).status, 404)
    assert.equal((await at('email=mary@contoso.com&size=HR1x1')).status, 400)
    assert.equal((await at('size=HR48x48')).status, 400)
    assert.equal((await at('email=mary@contoso.com&size=HR48x48', {}, '')).status, 401)
  })
}
