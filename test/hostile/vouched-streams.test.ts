/** What an application may hear of a mailbox ends with what it was let in by ([MS-XOAUTH] 3.2.5.6): its token, its partner, its issuer, the way of signing in. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpsRequest } from 'node:https'
import test from 'node:test'
import type { Site } from '#server'
import { systemCaller } from '#model'
import { connectSites, startHybridSites } from '../support/hybrid-sites.ts'
import { runLine } from '../support/run-line.ts'
import { named } from './attack.ts'
import { appToken, codesOf, envelope, ewsPath, send } from './hybrid-attack.ts'

const link = 'link@contoso.online.example'
const acting =
  '<t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>zoe@contoso.online.example</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>'
const events = `<t:FolderIds>${named('inbox')}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes>`
const streaming = `<m:Subscribe><m:StreamingSubscriptionRequest>${events}</m:StreamingSubscriptionRequest></m:Subscribe>`
const pushing = `<m:Subscribe><m:PushSubscriptionRequest>${events}<t:StatusFrequency>1440</t:StatusFrequency><t:URL>https://listener.fabrikam.example/</t:URL></m:PushSubscriptionRequest></m:Subscribe>`

/** A stream's pieces as they come. */
async function openStream(site: Site, token: string, id: string) {
  let text = ''
  const asked = `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${id}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>`
  const headers = { 'content-type': 'text/xml', authorization: `Bearer ${token}` }
  const request = httpsRequest({ host: '127.0.0.1', port: site.ports.https, servername: 'localhost', ca: site.ca, path: ewsPath, method: 'POST', headers }) // prettier-ignore
  request.end(envelope(asked, acting))
  const [response] = await once(request, 'response')
  response.setEncoding('utf8').on('data', (piece: string) => void (text += piece))
  return {
    /** Resolves with what came, once the words are in it that did not come before. */
    async until(words: RegExp): Promise<string> {
      while (!words.test(text)) await once(response, 'data', { signal: AbortSignal.timeout(20_000) })
      const came = text
      text = ''
      return came
    },
    close: () => request.destroy(),
  }
}

test('[MS-XOAUTH] 3.2.5.6: what an application hears ends with its token, its partner, its account, its issuer and the way of signing in', async () => {
  await using sites = await startHybridSites({
    people: { online: [{ address: link, displayName: 'Linked Account', rights: { roles: ['ApplicationImpersonation'] } }] },
  })
  await connectSites(sites)
  const { online, clock } = sites
  const { configuration, organisation, mailboxes, directory } = online
  const zoe = (await directory.find('zoe@contoso.online.example', organisation.id))!
  const system = systemCaller(organisation.id)
  const partner = (changes: object) => configuration.update(organisation.id, 'PartnerApplication', 'Exchange Online', changes)
  const issuer = (Enabled: boolean) => configuration.update(organisation.id, 'AuthServer', 'ACS', { Enabled })
  const way = (on: boolean) => runLine(online.admin, system, `Set-WebServicesVirtualDirectory -OAuthAuthentication $${String(on)}`)
  const news = () =>
    mailboxes.createItem(system, { mailbox: zoe.mailbox, kind: 'inbox' }, { kind: 'message', properties: { subject: 'news' } })
  const pushes = async () => (await online.jobs.list(organisation.id, 'EwsPushSubscription')).length
  await partner({ LinkedAccount: link })
  const token = await appToken(sites)
  const ask = async (operation: string) =>
    (await send(online, ewsPath, { headers: { authorization: `Bearer ${token}` }, body: envelope(operation, acting) })).body

  const changes: [string, () => unknown, () => unknown][] = [
    ['the partner application', () => partner({ Enabled: false }), () => partner({ Enabled: true })],
    ['its account', () => partner({ LinkedAccount: zoe.address }), () => partner({ LinkedAccount: link })],
    ['the issuer', () => issuer(false), () => issuer(true)],
    ['the way of signing in', () => way(false), () => way(true)],
    ['the token', () => (clock.skew = 3_600_000 + 6 * 60_000), () => (clock.skew = 0)],
  ]
  for (const [what, change, undo] of changes) {
    const [, id = ''] = /SubscriptionId>([^<]+)</.exec(await ask(streaming)) ?? []
    assert.notEqual(id, '', what)
    assert.deepEqual(codesOf(await ask(pushing)), ['NoError'], what)
    const stream = await openStream(online, token, id)
    await stream.until(/ConnectionStatus>OK/)
    await news()
    await stream.until(/CreatedEvent>/)
    await online.jobs.runDue()
    assert.equal(await pushes(), 1, what)
    await change()
    await news()
    const end = await stream.until(/ConnectionStatus>Closed|CreatedEvent>/)
    assert.deepEqual(codesOf(end), ['ErrorAccessDenied'], what)
    await online.jobs.runDue()
    assert.equal(await pushes(), what === 'the token' ? 1 : 0, 'a push subscription is to outlive the token, and nothing else')
    stream.close()
    await undo()
  }
})
