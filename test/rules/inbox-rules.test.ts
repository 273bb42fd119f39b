import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { CreateFolder, GetInboxRules, UpdateInboxRules, type RuleElement } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { runLine } from '../support/run-line.ts'
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

  test(`copies that rules make have the room that the message leaves (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const targets = [await newFolder(mary, 'A'), await newFolder(mary, 'B'), await newFolder(mary, 'C')]
    const rules = targets.map((CopyToFolder, n) => create({ DisplayName: `copy ${n}`, Priority: n + 1, Actions: { CopyToFolder } }))
    assert.equal((await mary.call(UpdateInboxRules, { Operations: rules })).ResponseCode, 'NoError')
    const body = 'x'.repeat(10_000)
    await mailIn(site, { subject: 'roomy', body })
    assert.equal((await arrived(site, 'mary', 'roomy', 4)).length, 4)
    const { mailbox = '' } = site.people['mary']!
    const { size = 0 } = (await site.store.read((tx) => tx.mailboxes.get(mailbox))) ?? {}
    await runLine(site.admin, systemCaller(site.organisation.id), `Set-Mailbox mary -ProhibitSendReceiveQuota ${size + 25_000}`)
    await mailIn(site, { subject: 'tight', body })
    assert.deepEqual((await arrived(site, 'mary', 'tight', 2)).map(({ folder }) => folder).toSorted(), ['A', 'Inbox']) // prettier-ignore
    const after = await site.store.read((tx) => tx.mailboxes.get(mailbox))
    assert.ok((after?.size ?? 0) <= size + 25_000)
  })

  test(`what is wrong with rules is said of each, and none is made ([MS-OXWSRULES] 2.2.5.3, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const mark = { MarkAsRead: true }
    const rob = (address: string, RoutingType = 'SMTP') => [{ address, routingType: RoutingType }]
    const inbox = { Folder: { is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } } }
    const foreign = await newFolder(ewsClient(site, 'rob'), 'Elsewhere')
    const rows: [wrong: Partial<RuleElement>, field: string, code: string][] = [
      [{ RuleId: 'AQ==', Actions: mark }, 'RuleId', 'CreateWithRuleId'],
      [{ DisplayName: '', Actions: mark }, 'DisplayName', 'EmptyValueFound'],
      [{ DisplayName: 'x'.repeat(256), Actions: mark }, 'DisplayName', 'StringValueTooBig'],
      [{ Priority: 0, Actions: mark }, 'Priority', 'InvalidValue'],
      [{ IsNotSupported: true, Actions: mark }, 'IsNotSupported', 'NotSettable'],
      [{}, 'Actions', 'MissingAction'],
      [{ Actions: { MarkAsRead: false } }, 'Actions', 'MissingAction'],
      [{ Actions: mark, Conditions: { ContainsBodyStrings: [] } }, 'Condition:ContainsBodyStrings', 'EmptyValueFound'],
      [{ Actions: mark, Exceptions: { ContainsBodyStrings: ['x'.repeat(256)] } }, 'Exception:ContainsBodyStrings', 'StringValueTooBig'],
      [{ Actions: mark, Conditions: { WithinDateRange: {} } }, 'Condition:WithinDateRange', 'MissingRangeValue'],
      [{ Actions: mark, Conditions: { WithinDateRange: { StartDateTime: 2000, EndDateTime: 1000 } } }, 'Condition:WithinDateRange', 'InvalidDateRange'],
      [{ Actions: mark, Conditions: { WithinSizeRange: {} } }, 'Condition:WithinSizeRange', 'MissingRangeValue'],
      [{ Actions: mark, Conditions: { WithinSizeRange: { MinimumSize: -1 } } }, 'Condition:WithinSizeRange', 'SizeLessThanZero'],
      [{ Actions: mark, Conditions: { WithinSizeRange: { MinimumSize: 2, MaximumSize: 1 } } }, 'Condition:WithinSizeRange', 'InvalidSizeRange'],
      [{ Actions: mark, Conditions: { FromConnectedAccounts: ['1'] } }, 'Condition:FromConnectedAccounts', 'ConnectedAccountNotFound'],
      [{ Actions: mark, Conditions: { MessageClassifications: ['1'] } }, 'Condition:MessageClassifications', 'MessageClassificationNotFound'],
      [{ Actions: { ForwardToRecipients: rob('nobody') } }, 'Action:ForwardToRecipients', 'RecipientDoesNotExist'],
      [{ Actions: { ForwardToRecipients: rob('a b@c') } }, 'Action:ForwardToRecipients', 'InvalidAddress'],
      [{ Actions: { ForwardToRecipients: rob('1234', 'FAX') } }, 'Action:ForwardToRecipients', 'UnsupportedAddress'],
      [{ Actions: { SendSMSAlertToRecipients: rob('1234', 'MOBILE') } }, 'Action:SendSMSAlertToRecipients', 'UnsupportedRule'],
      [{ Actions: { MoveToFolder: foreign } }, 'Action:MoveToFolder', 'FolderDoesNotExist'],
      [{ Actions: { CopyToFolder: { Folder: { is: 'FolderId', value: { Id: 'AAAA' } } } } }, 'Action:CopyToFolder', 'InvalidFolderId'],
      [{ Actions: { ServerReplyWithMessage: { Id: 'AAAA' } } }, 'Action:ServerReplyWithMessage', 'InvalidValue'],
    ] // prettier-ignore
    for (const [wrong, field, code] of rows) {
      const answer = await mary.call(UpdateInboxRules, {
        Operations: [create({ Actions: mark, Priority: 9 }), create({ Actions: {}, ...wrong })],
      })
      assert.equal(answer.ResponseCode, 'ErrorInboxRulesValidationError', field)
      const found = answer.RuleOperationErrors ?? []
      assert.deepEqual(found.map(({ OperationIndex }) => OperationIndex), [1], field) // prettier-ignore
      assert.deepEqual(found[0]?.ValidationErrors.map(({ FieldURI, ErrorCode }) => [FieldURI, ErrorCode])[0], [field, code])
    }
    const codesOf = async (...Operations: Parameters<typeof UpdateInboxRules.request.write>[1]['Operations']) =>
      (await mary.call(UpdateInboxRules, { Operations })).RuleOperationErrors?.flatMap(({ ValidationErrors }) =>
        ValidationErrors.map(({ ErrorCode }) => ErrorCode),
      )
    assert.deepEqual(await codesOf(create({ Actions: mark }), create({ Actions: mark })), ['DuplicatedPriority'])
    assert.deepEqual(await codesOf({ is: 'DeleteRuleOperation', value: { RuleId: 'AQ==' } }), ['RuleNotFound'])
    const set = (RuleId: string, Priority: number) => ({
      is: 'SetRuleOperation' as const,
      value: { Rule: { RuleId, DisplayName: 'b', Priority, IsEnabled: true, Actions: { MoveToFolder: inbox } } },
    })
    assert.deepEqual(await codesOf({ is: 'SetRuleOperation', value: { Rule: { DisplayName: 'b', Priority: 1, IsEnabled: true, Actions: mark } } }), ['MissingParameter']) // prettier-ignore
    assert.deepEqual((await mary.call(GetInboxRules, {})).InboxRules, [], 'none was made')
    assert.equal(await codesOf(create({ DisplayName: 'a', Actions: mark, Priority: 1 })), undefined)
    assert.equal(await codesOf(create({ DisplayName: 'first', Actions: mark, Priority: 1 })), undefined)
    const rules = (await mary.call(GetInboxRules, {})).InboxRules ?? []
    assert.deepEqual(rules.map(({ DisplayName, Priority }) => [DisplayName, Priority]), [['first', 1], ['a', 2]]) // prettier-ignore
    const id = rules[1]?.RuleId ?? ''
    assert.deepEqual(await codesOf(set(id, 1), set(id, 3)), ['DuplicatedOperationOnTheSameRule'])
    assert.equal(await codesOf(set(id, 1)), undefined)
    assert.deepEqual((await mary.call(GetInboxRules, {})).InboxRules?.map(({ DisplayName }) => DisplayName), ['b', 'first']) // prettier-ignore
  })

  test(`rules have room for 64 KB, and are the owner's (ErrorRulesOverQuota, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const large = (Priority: number) =>
      create({
        Priority,
        Actions: { MarkAsRead: true },
        Conditions: { ContainsBodyStrings: Array.from({ length: 100 }, () => 'x'.repeat(250)) },
      })
    assert.equal((await mary.call(UpdateInboxRules, { Operations: [large(1), large(2)] })).ResponseCode, 'NoError')
    assert.equal((await mary.call(UpdateInboxRules, { Operations: [large(3)] })).ResponseCode, 'ErrorRulesOverQuota')
    const rob = ewsClient(site, 'rob')
    const MailboxSmtpAddress = 'mary@contoso.com'
    assert.equal((await rob.call(GetInboxRules, { MailboxSmtpAddress })).ResponseCode, 'ErrorAccessDenied')
    const refused = await rob.call(UpdateInboxRules, { MailboxSmtpAddress, Operations: [create({ Actions: { Delete: true } })] })
    assert.equal(refused.ResponseCode, 'ErrorAccessDenied')
    const nobody = await mary.call(GetInboxRules, { MailboxSmtpAddress: 'nobody@contoso.com' })
    assert.equal(nobody.ResponseCode, 'ErrorNonExistentMailbox')
  })
}
