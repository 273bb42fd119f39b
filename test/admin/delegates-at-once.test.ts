/** Delegates of mailboxes and of rooms, chosen by several at once: the list, the rights and who may send on behalf say the same, and nothing is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../requirements/person.ts'
import { run } from '../sent-items/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const user = (alias: string) => `<t:UserId><t:PrimarySmtpAddress>${alias}@contoso.com</t:PrimarySmtpAddress></t:UserId>`
const of = '<m:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></m:Mailbox>'
const add = (alias: string) =>
  `<m:AddDelegate>${of}<m:DelegateUsers><t:DelegateUser>${user(alias)}<t:DelegatePermissions><t:CalendarFolderPermissionLevel>Editor</t:CalendarFolderPermissionLevel></t:DelegatePermissions></t:DelegateUser></m:DelegateUsers></m:AddDelegate>`
const remove = (alias: string) => `<m:RemoveDelegate>${of}<m:UserIds>${user(alias)}</m:UserIds></m:RemoveDelegate>`

/** Who may send on behalf of somebody, and who has rights in the calendar, by alias. */
async function stands(site: TestSite, alias: string): Promise<{ senders: string[]; calendar: string[] }> {
  const aliases = new Map(Object.values(site.people).map((one) => [one.id, one.alias]))
  const owner = await site.directory.recipient(site.organisation.id, site.people[alias]!.id)
  const { row } = await site.mailboxes.getFolder(await site.caller(alias), { mailbox: owner!.mailbox, kind: 'calendar' })
  const named = (ids: readonly string[]) => ids.flatMap((id) => aliases.get(id) ?? []).toSorted()
  return { senders: named(owner!.sendOnBehalf), calendar: named(row.permissions.map((entry) => entry.user)) }
}

for (const engine of quickEngines) {
  test(`delegates who are added, removed and granted at once (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (let round = 0; round < 5; round++) {
      await mary.codes(add('ann'))
      const before = await stands(site, 'mary')
      assert.deepEqual(before, { senders: ['ann'], calendar: ['ann'] })
      const done = await Promise.all([mary.codes(add('rob')), mary.codes(remove('ann')), mary.codes(add('administrator'))])
      assert.deepEqual(done.flat().filter((code) => code !== 'NoError'), []) // prettier-ignore
      assert.deepEqual(await stands(site, 'mary'), { senders: ['administrator', 'rob'], calendar: ['administrator', 'rob'] })
      await Promise.all([mary.codes(remove('rob')), mary.codes(remove('administrator'))])
      assert.deepEqual(await stands(site, 'mary'), { senders: [], calendar: [] })
    }
  })

  test(`delegates of a room who are set by several at once (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const set = (change: string) => run(site, `Set-CalendarProcessing room1 -ResourceDelegates ${change}`)
    for (let round = 0; round < 5; round++) {
      await set('ann')
      await Promise.all([set("@{Add='rob'}"), set("@{Remove='ann'}"), set("@{Add='mary'}")])
      const [{ ResourceDelegates } = {}] = await run(site, 'Get-CalendarProcessing room1')
      assert.deepEqual((ResourceDelegates as string[]).toSorted(), ['Mary Jensen', 'Rob Young'])
      assert.deepEqual(await stands(site, 'room1'), { senders: ['mary', 'rob'], calendar: ['mary', 'rob'] })
      await set('$null')
      assert.deepEqual(await stands(site, 'room1'), { senders: [], calendar: [] })
    }
  })
}
