import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import { engines } from '../support/engines.ts'
import { startTestSite, testPassword } from '../support/site.ts'
import { browser } from './browser.ts'

for (const engine of engines) {
  test(`a program signs in by device code with password and authenticator (${engine.name})`, async () => {
    const clock = { now: Date.now() }
    await using site = await startTestSite({
      engine,
      outside: { clock: () => clock.now },
      people: [{ address: 'boss@contoso.com', displayName: 'Boss', rights: { roles: ['Organization Management'] } }],
    })
    const discovery = JSON.parse((await site.call('/oauth2/.well-known/openid-configuration')).body) as Record<string, string>
    assert.ok(discovery.issuer)
    const post = async (path: string, fields: Record<string, string>) => {
      const answer = await site.call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
      return { ...(JSON.parse(answer.body) as Record<string, string>), status: String(answer.status) } as Record<string, string>
    }
    const started = await post('/oauth2/device/code', {
      client_id: 'isthmus-shell',
      scope: 'openid offline_access administration',
      device_name: 'srv-1',
    })
    console.log(started)
    const person = browser(site)
    let page = await person.open('/oauth2/device')
    page = await page.submit({ user_code: started.user_code! })
    console.log(page.text)
    page = await page.submit({ confirm: 'yes' })
    console.log(page.at, page.text)
    page = await page.submit({ user: 'boss@contoso.com', password: testPassword })
    console.log(page.at, page.text)
    const secret = /id="secret">([^<]*)</.exec(page.html)![1]!.replaceAll(' ', '')
    page = await page.submit({ code: new TOTP({ secret }).generate({ timestamp: clock.now }), name: '' })
    console.log(page.at, page.text)
    page = await page.submit({}, 'value="codes"')
    console.log(page.at, page.text)
    page = await page.submit({ answer: 'approve' })
    console.log(page.at, page.text)
    const tokens = await post('/oauth2/token', {
      client_id: 'isthmus-shell',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: started.device_code!,
    })
    console.log(Buffer.from(tokens.id_token!.split('.')[1]!, 'base64').toString())
    const caller = await site.access.authenticate(`Bearer ${tokens.access_token}`, { remoteAddress: '::1', protocol: 'admin' })
    console.log(caller)
    assert.equal(caller?.signedIn?.secondFactor, true)
  })
}
