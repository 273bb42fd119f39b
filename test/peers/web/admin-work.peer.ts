/** The daily work of an administrator in the browser: services, queues, traces, connectors, role groups, the audit log. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import { pages } from '../../../src/web/admin/pages.ts'
import { admin as texts } from '../../../src/web/texts/en/admin.ts'
import { run, sendByEws } from '../../sent-items/desk.ts'
import { populate } from '../../web/populated.ts'
import { administrator, startAdministration } from './administrator.ts'
import { accessible, picture } from './client.ts'

test(
  'admin: a service stopped and started, a queue and its message, a trace, a connector, a role group, the audit of it all',
  { timeout: 180_000 },
  async () => {
    await using web = await startAdministration()
    const { site } = web
    await run(site, 'Suspend-Queue fabrikam.example')
    await sendByEws(site, 'mary', { to: 'rob@contoso.com', subject: 'Harbour plan' })
    await sendByEws(site, 'mary', { to: 'ann@fabrikam.example', subject: 'Waits for fabrikam' })
    const { page, complaints } = await administrator(web, '/ecp/services')
    const go = async (name: string) => {
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    const row = (name: string | RegExp) => page.getByRole('row', { name })
    const choose = (name: string) => page.getByRole('checkbox', { name: `Choose ${name}`, exact: true }).click()
    const act = async (cmdlet: string) => {
      await page.getByRole('button', { name: 'Actions' }).click()
      await page.getByRole('menuitem', { name: new RegExp(`^${cmdlet}`) }).click()
    }
    const form = page.getByRole('dialog')
    const save = async () => {
      await form.getByRole('button', { name: 'Save' }).click()
      await form.waitFor({ state: 'hidden' })
    }

    // A service that roles need: stopped, seen as missing, started again.
    const service = 'MSExchangeSubmission'
    await row(/MSExchangeSubmission Running/).waitFor()
    await choose(service)
    await act('Stop-Service')
    await save()
    await row(/MSExchangeSubmission Stopped/).waitFor()
    await picture(page, 'admin-services')
    await accessible(page)
    await go('Required services')
    await row(/Hub Transport Server Role No .*MSExchangeSubmission/).waitFor()
    await picture(page, 'admin-service-health')
    await accessible(page)
    await go('Services')
    await choose(service)
    await act('Start-Service')
    await save()
    await row(/MSExchangeSubmission Running/).waitFor()
    await go('Required services')
    await row(/Hub Transport Server Role Yes/).waitFor()
    await go('Health')
    await row(/Healthy/)
      .first()
      .waitFor()
    await picture(page, 'admin-health')
    await accessible(page)

    // What waits, where and since when; then it is let go, and what became of the other one.
    await go('Queues')
    await page.getByRole('button', { name: /fabrikam\.example/ }).click()
    await form.getByText('Suspended').first().waitFor()
    await picture(page, 'admin-queue')
    await accessible(page)
    await form.getByRole('button', { name: 'Close' }).click()
    await go('Messages in queues')
    await row(/Waits for fabrikam/).waitFor()
    await picture(page, 'admin-messages')
    await page.getByRole('checkbox', { name: /^Choose .*fabrikam/ }).click()
    await page.getByRole('button', { name: 'Remove' }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes' }).click()
    await row(/Waits for fabrikam/).waitFor({ state: 'hidden' })
    await go('Message trace')
    // The oldest come first: the last day is asked for until somebody asks for more.
    await row(/Harbour plan/).first().waitFor() // prettier-ignore
    const start = new Date(await page.getByLabel('Start', { exact: true }).inputValue()).getTime()
    assert.ok(Math.abs(Date.now() - 86_400_000 - start) < 600_000, `from ${new Date(start).toISOString()}`)
    await page.getByLabel('MessageSubject').fill('harbour')
    await page.getByLabel('EventId').selectOption('DELIVER')
    await page.getByRole('button', { name: 'Show' }).click()
    await row(/DELIVER .*mary@contoso.com .*rob@contoso.com .*Harbour plan/).waitFor()
    assert.equal(await row(/Waits for fabrikam/).count(), 0)
    await picture(page, 'admin-trace')
    await accessible(page)

    // A connector, made and edited.
    await go('Send connectors')
    await page.getByRole('button', { name: 'New', exact: true }).click()
    await form.getByRole('textbox', { name: 'Name', exact: true }).fill('To Fabrikam')
    await form.getByRole('textbox', { name: 'AddressSpaces', exact: true }).fill('fabrikam.example')
    await form.getByRole('textbox', { name: 'SmartHosts', exact: true }).fill('192.0.2.7')
    await save()
    await choose('To Fabrikam')
    await page.getByRole('button', { name: 'Edit' }).click()
    await form.getByRole('textbox', { name: 'SmartHosts', exact: true }).fill('192.0.2.7\n192.0.2.8')
    await picture(page, 'admin-connector')
    await accessible(page)
    await save()
    await row(/To Fabrikam .*192\.0\.2\.7, 192\.0\.2\.8/).waitFor()
    const [connector] = await run(site, "Get-SendConnector 'To Fabrikam'")
    assert.deepEqual((connector as { SmartHosts: string[] }).SmartHosts, ['192.0.2.7', '192.0.2.8'])

    // Somebody gets rights, and loses them.
    const group = 'View-Only Organization Management'
    await go('Role groups')
    await choose(group)
    await act('Add-RoleGroupMember')
    await form.getByRole('textbox', { name: 'Member', exact: true }).fill('rob')
    await save()
    await row(/View-Only Organization Management .*Rob Young/).waitFor()
    await act('Remove-RoleGroupMember')
    await form.getByRole('textbox', { name: 'Member', exact: true }).fill('rob')
    await form.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Yes' }).click()
    await form.waitFor({ state: 'hidden' })
    await row(/View-Only Organization Management/)
      .filter({ hasNotText: 'Rob Young' })
      .waitFor()

    // The audit log is asked on the server.
    await go('Administrator audit log')
    await page.getByLabel('Cmdlets').fill('Set-SendConnector')
    await page.getByRole('button', { name: 'Show' }).click()
    await row(/Set-SendConnector .*To Fabrikam/).waitFor()
    assert.equal(await row(/RoleGroupMember/).count(), 0)
    await picture(page, 'admin-audit-search')
    await accessible(page)
    assert.deepEqual(complaints, [])
  },
)

/** Pages that are pictured in every look. */
const mainPages = ['mailboxes', 'role-groups', 'queues', 'organisation', 'services', 'supportability', 'admin-audit', 'holds']

/** A page in the light, in the dark and on a phone. */
async function looks(page: Page, name: string): Promise<void> {
  await picture(page, name)
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, `${name}-dark`)
  await accessible(page)
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  await picture(page, `${name}-phone`)
  await accessible(page)
  await page.setViewportSize(size)
}

test(
  'admin: every list has something in every column, every object an address, and a list that ends early says so',
  { timeout: 180_000 },
  async () => {
    await using web = await startAdministration()
    const { site } = web
    await populate(site)
    for (let at = 1; at <= 101; at++)
      await run(site, `New-MailContact -Name 'Guest ${at}' -ExternalEmailAddress guest${at}@fabrikam.example`)
    const { page, complaints } = await administrator(web)
    const table = page.getByRole('table')
    for (const { key, columns, name } of pages) {
      const text = texts[name.slice('admin.'.length) as keyof typeof texts]
      await page.getByRole('link', { name: text, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: text, exact: true }).waitFor()
      const [first = ''] = columns
      await table.locator('th').getByText(first, { exact: true }).waitFor()
      if (key === 'audit-searches') continue
      await table.getByRole('row').nth(1).waitFor()
      assert.equal(await page.locator('[role=group][aria-label=error], .fui-MessageBar').count(), 0, key)
      const shown = await table.locator('th').allTextContents()
      // The entries of a mailbox are shown when one is asked for.
      if (key !== 'mailbox-audit') assert.deepEqual(shown.filter((one) => one !== ''), columns, key) // prettier-ignore
      const { y = 0 } = (await page.getByRole('region', { name: 'Command that this runs' }).boundingBox()) ?? {}
      assert.ok(y > 700, `${key}: the command stands below, at ${y}`)
      if (mainPages.includes(key)) await looks(page, `admin-${key}`)
    }

    const panel = page.getByRole('dialog')
    await page.getByRole('link', { name: 'Send connectors' }).click()
    await page.getByRole('button', { name: 'To Fabrikam' }).click()
    await panel.getByText('127.0.0.1').waitFor()
    assert.equal(new URL(page.url()).pathname, '/ecp/send-connectors/To%20Fabrikam')
    await page.goBack()
    await panel.waitFor({ state: 'hidden' })
    await page.goForward()
    await panel.getByText('127.0.0.1').waitFor()
    await page.reload()
    await panel.getByText('127.0.0.1').waitFor()
    await accessible(page)
    await panel.getByRole('button', { name: 'Close' }).click()
    await panel.waitFor({ state: 'hidden' })
    assert.equal(new URL(page.url()).pathname, '/ecp/send-connectors')
    // What was closed is not opened again by going back.
    await page.goBack()
    assert.equal(new URL(page.url()).pathname, '/ecp/send-connectors')
    await page.getByRole('heading', { level: 1, name: 'Send connectors' }).waitFor()
    // What takes long says so, and can be stopped.
    await page.goto(`${site.url}/ecp/mailboxes/Rob%20Young`)
    await panel.getByRole('button', { name: 'Actions' }).click()
    await page.getByRole('menuitem', { name: /^Get-MailboxStatistics/ }).click()
    await page.route('**/followCmdlet', () => undefined)
    await panel.getByRole('button', { name: 'Run' }).click()
    await panel.getByText(/running for \d+ s/).waitFor()
    await picture(page, 'admin-running')
    await accessible(page)
    await panel.getByRole('button', { name: 'Stop' }).click()
    await panel.getByText('Stopped. What was done before stays done.').waitFor()
    await page.unroute('**/followCmdlet')
    await panel.getByRole('button', { name: 'Run' }).click()
    await panel.getByText('ItemCount', { exact: true }).waitFor()
    await panel.getByRole('button', { name: 'Close' }).last().click()
    // Beyond what the list shows, with a backslash in its name, and where there is none.
    for (const [path, said] of [
      ['contacts/Guest 99', 'guest99@fabrikam.example'],
      ['queues/LOCALHOST%5Cfabrikam.example', 'SmartHostConnectorDelivery'],
      ['health/Sto%2Fre', 'There is no Sto/re here'],
      ['send-connectors/Nothing', "There is no SendConnector 'Nothing'."],
      ['mailboxes/Nobody', "There is no Mailbox 'Nobody'."],
    ] as const) {
      await page.goto(`${site.url}/ecp/${path}`)
      await panel.getByText(said).last().waitFor()
    }
    await page.goto(`${site.url}/ecp/contacts`)
    await page.getByLabel('How many').selectOption('100')
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('The first 100 are shown').waitFor()
    await picture(page, 'admin-first-100')
    await page.getByLabel('Filter').fill("Name -eq 'Guest 101'")
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByText('1 to 1 of 1').waitFor()
    await page.getByText('The first 100 are shown').waitFor({ state: 'hidden' })
    for (const [language, mailboxes] of [
      ['de-DE', 'Postfächer'],
      ['fr-FR', 'Boîtes aux lettres'],
    ] as const) {
      await run(site, `Set-MailboxRegionalConfiguration boss -Language ${language}`)
      await page.goto(`${site.url}/ecp/mailboxes`)
      await page.getByRole('heading', { level: 1, name: mailboxes }).waitFor()
      await page.getByRole('button', { name: 'Mary Jensen' }).click()
      await panel.getByText('mary@contoso.com').first().waitFor()
      await picture(page, `admin-mailbox-${language}`)
      await accessible(page)
    }
    // What was not there was answered with 404, which the browser notes.
    assert.deepEqual(complaints.filter((one) => !one.includes('404')), []) // prettier-ignore
  },
)
