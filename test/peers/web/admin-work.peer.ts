/** The daily work of an administrator in the browser: services, queues, traces, connectors, role groups, the audit log. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { run, sendByEws } from '../../sent-items/desk.ts'
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
