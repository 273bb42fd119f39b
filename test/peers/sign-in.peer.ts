/** Signing in with a real browser: password, authenticator, passkey, and the approval of a device. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { testPassword } from '../support/site.ts'
import { callerOf, deviceTokens, signInSite, startDevice } from '../sign-in/program.ts'
import { openBrowser } from './chromium.ts'

/** Waits for the page with this heading; another one fails the test with what it shows. */
async function heading(page: Page, text: string): Promise<void> {
  try {
    await page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 15_000 })
  } catch (cause) {
    throw new Error(`there is no page '${text}': ${await page.content()}`, { cause })
  }
}

async function password(page: Page): Promise<void> {
  await page.getByLabel('User name').fill('boss@contoso.com')
  await page.getByLabel('Password').fill(testPassword)
  await page.keyboard.press('Enter')
}

test(
  'a browser signs in with password and code, makes a passkey, signs in with it and approves a device',
  { timeout: 120_000 },
  async () => {
    await using site = await signInSite({ config: { hostName: 'localhost' }, outside: { clock: Date.now } })
    await using opened = await openBrowser(site)
    const context = await opened.browser.newContext()
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
    page.on('pageerror', (error) => void complaints.push(error.message))

    // Password, then the authenticator of the QR code.
    await page.goto(`${site.url}/account/security`)
    await password(page)
    await heading(page, 'Set up a second factor')
    assert.ok(await page.getByRole('img', { name: /QR code/ }).isVisible())
    const secret = (await page.locator('#secret').textContent())!.replaceAll(' ', '')
    const code = () => new TOTP({ secret }).generate()
    await page.getByLabel(/The code that the app shows/).fill(code())
    await page.keyboard.press('Enter')
    await heading(page, 'Keep your recovery codes')
    assert.equal(await page.locator('ol.codes li').count(), 10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await heading(page, 'Security of your account')

    // A passkey, kept by an authenticator that verifies the person.
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await page.getByRole('link', { name: 'Add a passkey' }).click()
    await heading(page, 'Make a passkey')
    await page.getByLabel('Name').fill('Laptop')
    await page.getByRole('button', { name: 'Make a passkey' }).click()
    await page.getByText('Passkey: Laptop').waitFor()
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
    assert.deepEqual([credentials.length, credentials[0]?.rpId], [1, 'localhost'])

    // Sign out, and in again with the passkey, to approve a device.
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    const started = await startDevice(site, { device_name: 'laptop-7' })
    await page.goto(started.verification_uri_complete!)
    await heading(page, 'Is this the code')
    assert.ok(await page.getByText(started.user_code!).isVisible())
    await page.getByRole('button', { name: 'Continue' }).click()
    await password(page)
    await heading(page, 'Show that it is you')
    await page.getByRole('link', { name: 'Use a passkey' }).click()
    await page.getByLabel(/Do not ask again/).check()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await heading(page, 'Let a program in')
    assert.ok(await page.getByText(/on laptop-7 asks for this, as boss@contoso\.com of Contoso/).isVisible())
    await page.getByRole('button', { name: 'Approve' }).click()
    await heading(page, 'That is all')
    const tokens = await deviceTokens(site, started.device_code!)
    const caller = await callerOf(site, tokens.access_token!)
    assert.deepEqual([caller?.address, caller?.signedIn?.secondFactor], ['boss@contoso.com', true])
    assert.deepEqual(complaints, [], 'the pages break none of their own rules')
  },
)

test('a passkey whose person is not verified is not taken, and the page says so', { timeout: 120_000 }, async () => {
  await using site = await signInSite({ config: { hostName: 'localhost' }, outside: { clock: Date.now } })
  await using opened = await openBrowser(site)
  const context = await opened.browser.newContext()
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: false,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto(`${site.url}/account/security`)
  await password(page)
  await page.getByRole('link', { name: 'Make a passkey instead' }).click()
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.getByText(/The browser gave no passkey/).waitFor()
  assert.deepEqual(await site.signIn.factors.list(site.people.boss!), [])
})
