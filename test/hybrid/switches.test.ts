import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { connectSites, sideOf, startHybridSites } from '../support/hybrid-sites.ts'
import { askFreeBusy } from './ask.ts'

for (const engine of quickEngines) {
  test(`${engine.name}: what is switched off at a virtual directory is not taken there, and both traces say so`, async () => {
    await using sites = await startHybridSites({ engine })
    await connectSites(sites)
    const online = sideOf(sites.online, 'online')
    const onPremises = sideOf(sites.onPremises, 'on-premises')
    assert.equal((await askFreeBusy(sites, 'mary', 'joe')).code, 'NoError')

    await online.invoke('Set-WebServicesVirtualDirectory', { OAuthAuthentication: false })
    const noOAuth = await askFreeBusy(sites, 'mary', 'joe')
    assert.equal(noOAuth.code, 'ErrorProxyRequestProcessingFailed')
    assert.match(noOAuth.causes.join('\n'), /OAuthAuthentication is switched off for ews/)
    const answered = await online.invoke('Get-FreeBusyTrace', { ResultSize: 1 })
    assert.match(JSON.stringify(answered), /"role":"answered".*OAuthAuthentication is switched off for ews/)

    await online.invoke('Set-AutodiscoverVirtualDirectory', { OAuthAuthentication: false })
    // What was learnt of whom the other side trusts is good for an hour.
    sites.clock.skew += 61 * 60_000
    assert.match((await askFreeBusy(sites, 'mary', 'joe')).causes.join('\n'), /without a Bearer challenge: OAuth is off there/)

    await onPremises.invoke('Set-IntraOrganizationConnector', { Identity: 'HybridIOC', Enabled: false })
    assert.equal((await askFreeBusy(sites, 'mary', 'joe')).code, 'NoError')
    await online.invoke('Set-WebServicesVirtualDirectory', { WSSecurityAuthentication: false })
    const noSecurity = await askFreeBusy(sites, 'mary', 'joe')
    assert.equal(noSecurity.code, 'ErrorProxyRequestProcessingFailed')
    assert.match(noSecurity.causes.join('\n'), /WSSecurityAuthentication is switched off for ews/)
  })
}
