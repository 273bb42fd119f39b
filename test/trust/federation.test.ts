/** Generation (b) from end to end: token request, token, secured request, opened; every algorithm set, both engines. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { body, createWorld, issuer, makeKeys, open, receiver, secured } from './federation-world.ts'

const keys = await makeKeys()

for (const engine of quickEngines) {
  for (const algorithms of ['sha256', 'legacy'] as const) {
    for (const sealed of [true, false]) {
      test(`a token is asked for, issued, sent and opened: ${algorithms}, assertion ${sealed ? 'sealed' : 'in clear'}, ${engine.name}`, async () => {
        await using site = await engine.use()
        const world = await createWorld(site.store, keys)
        const token = await world.token({ algorithms, ...(sealed ? {} : { stsCertificate: undefined }) })
        const opened = open(secured(token, { algorithms, headers: '<t:V xmlns:t="urn:t">Exchange2010</t:V>' }), receiver(keys))
        assert.deepEqual(
          { ...opened.claims, assertionId: '', notBefore: 0, notOnOrAfter: 0 },
          {
            issuer,
            audience: 'FYDIBOHF25SPDLT.contoso.test',
            nameId: `${opened.claims.immutableId}@FYDIBOHF25SPDLT.fabrikam.test`,
            addresses: ['mary@fabrikam.test'],
            action: 'MSExchange.SharingCalendarFreeBusy',
            requestorDomain: 'FYDIBOHF25SPDLT.fabrikam.test',
            immutableId: opened.claims.immutableId,
            notBefore: 0,
            notOnOrAfter: 0,
            assertionId: '',
          },
        )
        assert.equal(opened.claims.assertionId, token.assertionId)
        assert.equal(opened.claims.notOnOrAfter, token.expires)
        assert.equal(opened.body.name, 'GetUserAvailabilityRequest')
        assert.ok(body.includes(opened.body.inner()))
        assert.equal(opened.signed, true)
        assert.deepEqual(
          world.events.map(({ event, outcome }) => `${event} ${outcome}`),
          ['IssueToken success'],
        )
      })
    }
  }
}
