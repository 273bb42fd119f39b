/** The Hybrid Configuration Wizard in the browser: from nothing to a lookup that works, and again when somebody disabled something. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { systemCaller } from '#model'
import { askFreeBusy, assertJoinedByOAuth } from '../../hybrid/ask.ts'
import { administratorToken } from '../../../src/server/lab/administrator-token.ts'
import { accessible, picture } from './client.ts'
import { enrol, onlineBoss, showFactor, shown, startWizardSites, toCredentials, toSummary } from './wizard.ts'

test(
  'wizard: from nothing to a working lookup, two accounts each with a second factor enrolled on the way',
  { timeout: 180_000 },
  async () => {
    await using web = await startWizardSites()
    const { page, context, complaints } = await web.window()
    const run = (name: string, args: object) => Array.fromAsync(web.sites.onPremises.admin.invoke(systemCaller(web.sites.onPremises.organisation.id), name, { ...args })) // prettier-ignore
    for (const host of ['mx1', 'mx2']) await run('New-ExchangeCertificate', { SubjectName: `CN=${host}.contoso.com`, Services: ['SMTP'] })
    await page.goto(`${web.url}/ecp/hybrid`)
    await enrol(page, 'administrator@contoso.com')
    await toCredentials(page)
    const next = page.getByRole('button', { name: 'Next' })
    const [here, there] = [page.getByRole('group', { name: 'On-premises account' }), page.getByRole('group', { name: 'Online account' })]
    await here.getByText('Verified with a second factor').waitFor()
    assert.equal(await next.isDisabled(), true, 'one account alone is not enough')
    await there.getByRole('button', { name: 'Sign in' }).click()
    const link = there.getByRole('link', { name: 'Open the sign-in of the online organisation' })
    await link.waitFor()
    await picture(page, 'wizard-credentials-waiting')
    await accessible(page)
    const [window] = await Promise.all([context.waitForEvent('page'), link.click()])
    await window.getByRole('button', { name: 'Continue' }).click()
    await enrol(window, onlineBoss)
    await window.getByRole('button', { name: 'Approve' }).click()
    await window.getByRole('heading', { level: 1, name: 'That is all' }).waitFor()
    await window.close()
    await there.getByText('Verified with a second factor').waitFor()
    await there.getByText(onlineBoss).waitFor()
    await picture(page, 'wizard-credentials')
    await accessible(page)
    await toSummary(page, { certificate: 'mx2.contoso.com' })
    await page
      .getByText(/-TlsSenderCertificateName mx2.contoso.com/)
      .first()
      .waitFor()
    await page
      .getByText(/New-IntraOrganizationConnector/)
      .first()
      .waitFor()
    assert.deepEqual(await web.sites.online.configuration.list(web.sites.online.organisation.id, 'IntraOrganizationConnector'), [])
    await shown(page, 'wizard-summary')
    await page.getByRole('button', { name: 'Update' }).click()
    await page.getByText('Both organisations are up to date.').waitFor({ timeout: 60_000 })
    await shown(page, 'wizard-update')
    await next.click()
    await page.getByLabel('Who asks, on-premises').fill('mary@contoso.com')
    await page.getByLabel('Who is asked for, online').fill('joe@contoso.com')
    await page.getByRole('button', { name: 'Look up' }).click()
    await page.getByText(/was asked for and found/).waitFor()
    assert.equal(
      await page
        .getByRole('listitem')
        .filter({ has: page.getByLabel('Failed') })
        .count(),
      0,
      'every test is passed',
    )
    await shown(page, 'wizard-done')
    await assertJoinedByOAuth(web.sites)
    assert.deepEqual(complaints, [])
  },
)

test('wizard: a second run brings back what somebody disabled', { timeout: 180_000 }, async () => {
  await using web = await startWizardSites()
  const { sites } = web
  const { onPremises, online } = sites
  const token = () => administratorToken(online, online.organisation.id, onlineBoss)
  const { page, complaints } = await web.window({ colorScheme: 'dark' })
  await page.goto(`${web.url}/ecp/hybrid`)
  await enrol(page, 'administrator@contoso.com')
  const walk = async () => {
    await toCredentials(page)
    const card = page.getByRole('group', { name: 'Online account' })
    await card.getByRole('button', { name: 'Use an access token instead' }).click()
    await card.getByLabel('Access token of an online administrator').fill(await token())
    await card.getByRole('button', { name: 'Verify' }).click()
    await card.getByText('Verified', { exact: true }).waitFor()
    await toSummary(page, { look: '-dark' })
    await page.getByRole('button', { name: 'Update' }).click()
    await page.getByText('Both organisations are up to date.').waitFor({ timeout: 60_000 })
  }
  await walk()
  const disable = { Identity: 'HybridIOC', Enabled: false }
  await Array.fromAsync(online.admin.invoke(systemCaller(online.organisation.id), 'Set-IntraOrganizationConnector', disable))
  await Array.fromAsync(onPremises.admin.invoke(systemCaller(onPremises.organisation.id), 'Set-IntraOrganizationConnector', disable))
  assert.equal((await askFreeBusy(sites, 'mary', 'joe@contoso.com')).generation, 'DAuth')
  await page.reload()
  await page.getByText('A hybrid was set up before.').waitFor()
  await walk()
  await page
    .getByText(/Set-IntraOrganizationConnector -Identity HybridIOC -Enabled:\$true/)
    .first()
    .waitFor()
  await picture(page, 'wizard-again-dark')
  await accessible(page)
  await assertJoinedByOAuth(sites)
  assert.deepEqual(complaints, [])
})

test(
  'wizard: factors shown long ago are shown again in a window, a sign-in refused at the other side verifies nobody',
  { timeout: 180_000 },
  async () => {
    await using web = await startWizardSites({ publishes: false })
    const { sites } = web
    const { page, context, complaints } = await web.window({ viewport: { width: 390, height: 844 } })
    await page.goto(`${web.url}/ecp/hybrid`)
    const code = await enrol(page, 'administrator@contoso.com')
    await page.getByRole('heading', { level: 1, name: 'Hybrid Configuration Wizard' }).waitFor()
    await picture(page, 'wizard-welcome-phone')
    await accessible(page)
    sites.clock.apart.onPremises = 20 * 60_000
    await page.reload()
    await toCredentials(page)
    const [here, there] = [page.getByRole('group', { name: 'On-premises account' }), page.getByRole('group', { name: 'Online account' })]
    await here.getByText('Show it again to go on').waitFor()
    await picture(page, 'wizard-credentials-phone')
    await accessible(page)
    const show = here.getByRole('button', { name: 'Show your second factor' })
    const [again] = await Promise.all([context.waitForEvent('page'), show.click()])
    const closed = again.waitForEvent('close', { timeout: 15_000 })
    await showFactor(again, code(Date.now() + sites.clock.apart.onPremises))
    await closed
    await here.getByText('Verified with a second factor').waitFor()

    await there.getByRole('button', { name: 'Sign in' }).click()
    const link = there.getByRole('link', { name: 'Open the sign-in of the online organisation' })
    const [window] = await Promise.all([context.waitForEvent('page'), link.click()])
    await window
      .getByRole('button', { name: /Cancel|Stop|No/ })
      .first()
      .click()
    // A window that is closed while it goes to another page can stay open, and Playwright would wait for it without end.
    await window.getByText('The program was not let in.').waitFor()
    await window.close()
    await there.getByText('The sign-in was refused there.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Next' }).isDisabled(), true)
    await there.getByRole('button', { name: 'Get another code' }).click()
    await there.getByText('Waiting for your sign-in there').waitFor()
    assert.deepEqual(complaints, [])
  },
)

for (const { locale, dir, welcome, next, server, url, domain } of [
  {
    ...{ locale: 'de-DE', dir: 'ltr', welcome: 'Assistent für die Hybridkonfiguration', next: 'Weiter' },
    ...{ server: 'Lokale Serverorganisation', url: 'Adresse des Onlinedienstes', domain: 'Domäne der Onlineorganisation' },
  },
  {
    ...{ locale: 'fr-FR', dir: 'rtl', welcome: 'Assistant de configuration hybride', next: 'Suivant' },
    ...{ server: 'Organisation serveur locale', url: 'Adresse du service en ligne', domain: 'Domaine de l’organisation en ligne' },
  },
]) {
  test(`wizard: in ${locale}, ${dir}, by keyboard alone`, { timeout: 120_000 }, async () => {
    await using web = await startWizardSites()
    const { page, complaints } = await web.window({ locale })
    await page.goto(`${web.url}/ecp/hybrid`)
    const { admin, organisation } = web.sites.onPremises
    const language = { Identity: 'administrator@contoso.com', Language: locale }
    await Array.fromAsync(admin.invoke(systemCaller(organisation.id), 'Set-MailboxRegionalConfiguration', language))
    await enrol(page, 'administrator@contoso.com')
    const heading = (name: string) => page.getByRole('heading', { level: 1, name })
    await heading(welcome).waitFor()
    await page.goto(`${web.url}/ecp/hybrid?dir=${dir}`)
    await heading(welcome).waitFor()
    /** From where the keyboard is, which is the heading of the page, on to what has this name. */
    const tabTo = async (role: 'button' | 'textbox', name: string | RegExp) => {
      const wanted = page.getByRole(role, { name })
      for (let presses = 0; presses < 20; presses++) {
        if ((await wanted.and(page.locator(':focus')).count()) > 0) return
        await page.keyboard.press('Tab')
      }
      assert.fail(`${name} is not reached by the keyboard`)
    }
    await tabTo('button', next)
    await page.keyboard.press('Enter')
    await heading(server).waitFor()
    await tabTo('textbox', new RegExp(url))
    await page.keyboard.type('https://outlook.online.example')
    await tabTo('textbox', new RegExp(domain))
    await page.keyboard.type('contoso.online.example')
    await picture(page, `wizard-server-${locale}`)
    await accessible(page)
    await tabTo('button', next)
    await page.keyboard.press('Enter')
    await page.getByRole('group').first().waitFor()
    await picture(page, `wizard-credentials-${locale}`)
    await accessible(page)
    assert.deepEqual(complaints, [])
  })
}
