/** A retention policy from the cmdlet to the item in Deleted Items, over the surfaces that people use. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, itemXml, person, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite } from '../admin/mailbox-site.ts'

const day = 86_400_000
const lastActiveParent = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`

for (const engine of quickEngines) {
  test(`what is older than its policy says goes to Deleted Items, with its stamp (issue 6 point 6, ${engine.name})`, async () => {
    const time = { now: Date.now() }
    await using site = await mailboxSite(engine, { outside: { clock: () => time.now } })
    const mary = person(site)
    await site.run("New-RetentionPolicyTag 'Day' -Type All -AgeLimitForRetention 1 -RetentionAction MoveToDeletedItems")
    await site.run("New-RetentionPolicy 'Short' -RetentionPolicyTagLinks Day")
    await site.run("Set-Mailbox mary -RetentionPolicy 'Short'")
    assert.equal((await site.one('Get-Mailbox mary')).RetentionPolicy, 'Short')
    assert.deepEqual(site.warnings, [])

    await mary.create(message('old'), { folder: 'inbox' })
    time.now += day - 1000
    await mary.create(message('young'), { folder: 'inbox' })
    const assist = async () => {
      await site.run('Start-ManagedFolderAssistant -Identity mary@contoso.com')
      await site.jobs.runDue()
    }
    const subjects = async (folder: string) => (await mary.find(folder, { shape: 'Default' })).map((one) => text(one, 'Subject')).toSorted()
    await assist()
    assert.deepEqual(await subjects('inbox'), ['old', 'young'], 'nothing goes early')
    time.now += 1000
    await assist()
    assert.deepEqual([await subjects('inbox'), await subjects('deleteditems')], [['young'], ['old']])
    const [moved] = await mary.find('deleteditems', { fields: [lastActiveParent] })
    const [probe] = await mary.find('inbox')
    await mary.remove(itemXml(idOf(probe)), 'MoveToDeletedItems')
    const stamps = (await mary.find('deleteditems', { fields: [lastActiveParent] })).map((one) => text(one, 'ExtendedProperty/Value'))
    assert.equal(text(moved, 'ExtendedProperty/Value'), stamps[1])
    assert.equal(stamps[0], stamps[1])
    // What lies there is there already.
    time.now += 10 * day
    await assist()
    assert.equal((await subjects('deleteditems')).length, 2)
  })
}
