import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateFolder, GetInboxRules, UpdateInboxRules, type RuleElement } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, mailIn } from './arrivals.ts'

const create = (Rule: Partial<RuleElement>) => ({
  is: 'CreateRuleOperation' as const,
  value: { Rule: { DisplayName: 'A rule', Priority: 1, IsEnabled: true, ...Rule } },
})

/** A new folder in the person's Inbox. */
async function newFolder(client: EwsClient, name: string) {
  const made = only(
    await client.call(CreateFolder, {
      ParentFolderId: { Folder: { is: 'DistinguishedFolderId', value: { Id: 'inbox' } } },
      Folders: [{ element: 'Folder', properties: { folderDisplayName: name } }],
    }),
  )
  const value = made.Folders?.[0]?.properties.folderId as { Id: string }
  return { Folder: { is: 'FolderId' as const, value: { Id: value.Id } } }
}

for (const engine of quickEngines) {
  test(`a rule files what comes in ([MS-OXWSRULES] 3.1.4.1, 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const target = await newFolder(mary, 'Reports')
    const before = await mary.call(GetInboxRules, {})
    assert.deepEqual([before.OutlookRuleBlobExists, before.InboxRules], [false, []])
    const Rule = { DisplayName: 'Reports', Priority: 1, IsEnabled: true, Conditions: { ContainsSubjectStrings: ['report'] } }
    const made = await mary.call(UpdateInboxRules, { Operations: [create({ ...Rule, Actions: { MoveToFolder: target } })] })
    assert.equal(made.ResponseCode, 'NoError')
    const [rule] = (await mary.call(GetInboxRules, { MailboxSmtpAddress: 'mary@contoso.com' })).InboxRules ?? []
    assert.ok(rule?.RuleId)
    assert.deepEqual({ ...rule, RuleId: undefined }, { ...Rule, RuleId: undefined, IsInError: false, Actions: { MoveToFolder: target } })
    await mailIn(site, { subject: 'Weekly REPORT' }, { subject: 'Other' })
    assert.deepEqual((await arrived(site, 'mary', 'Weekly REPORT')).map(({ folder }) => folder), ['Reports']) // prettier-ignore
    assert.deepEqual((await arrived(site, 'mary', 'Other')).map(({ folder }) => folder), ['Inbox']) // prettier-ignore
    const gone = await mary.call(UpdateInboxRules, { Operations: [{ is: 'DeleteRuleOperation', value: { RuleId: rule.RuleId } }] })
    assert.equal(gone.ResponseCode, 'NoError')
    assert.deepEqual((await mary.call(GetInboxRules, {})).InboxRules, [])
  })
}
