/** Inbox rules and delegates with ews-javascript-api from npm. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import {
  CreateRuleOperation,
  DelegateFolderPermissionLevel,
  DelegateUser,
  DeleteRuleOperation,
  ExchangeService,
  Folder,
  FolderView,
  ItemView,
  Mailbox,
  MeetingRequestsDeliveryScope,
  Rule,
  ServiceResult,
  SetRuleOperation,
  UpdateInboxRulesException,
  UserId,
  WellKnownFolderName,
} from 'ews-javascript-api'
import { connectSmtp } from './raw-smtp.ts'
import { connectEwsJs } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { until } from './until.ts'

let site: PeerSite
let mary: ExchangeService

const connect = (address: string) => connectEwsJs(site, address)

async function mailIn(subject: string): Promise<void> {
  const smtp = await connectSmtp(site.smtpPort)
  const lines = ['From: Bob <bob@fabrikam.example>', `To: ${site.mary}`, `Subject: ${subject}`, '', 'Hello.', '']
  await smtp.send('bob@fabrikam.example', [site.mary], Buffer.from(lines.join('\r\n')))
  smtp.close()
}

const subjects = async (folder: Folder): Promise<string[]> => (await folder.FindItems(new ItemView(10))).Items.map(({ Subject }) => Subject)

describe('ews-javascript-api', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connect(site.mary)
  })
  after(() => site.close())

  test('a rule is made, seen, changed and removed ([MS-OXWSRULES] 3.1.4)', async () => {
    const folder = new Folder(mary)
    folder.DisplayName = 'Reports'
    await folder.Save(WellKnownFolderName.Inbox)
    const [reports] = (await mary.FindFolders(WellKnownFolderName.Inbox, new FolderView(10))).Folders
    assert.ok(reports)
    const rule = new Rule()
    rule.DisplayName = 'Reports'
    rule.Priority = 1
    rule.IsEnabled = true
    rule.Conditions.ContainsSubjectStrings.Add('report')
    rule.Actions.MoveToFolder = reports.Id
    await mary.UpdateInboxRules([new CreateRuleOperation(rule)], true)
    const [seen] = [...(await mary.GetInboxRules()).GetEnumerator()]
    assert.ok(seen)
    assert.equal(seen.DisplayName, 'Reports')
    assert.deepEqual(seen.Conditions.ContainsSubjectStrings.GetEnumerator(), ['report'])
    assert.equal(seen.Actions.MoveToFolder.UniqueId, reports.Id.UniqueId)
    await mailIn('The report')
    await until('the report in its folder', async () => (await subjects(reports)).includes('The report'))
    seen.IsEnabled = false
    await mary.UpdateInboxRules([new SetRuleOperation(seen)], true)
    assert.equal([...(await mary.GetInboxRules()).GetEnumerator()][0]?.IsEnabled, false)
    const wrong = new Rule()
    wrong.DisplayName = 'Wrong'
    wrong.Priority = 0
    wrong.Actions.Delete = true
    await assert.rejects(mary.UpdateInboxRules([new CreateRuleOperation(wrong)], true), UpdateInboxRulesException)
    await mary.UpdateInboxRules([new DeleteRuleOperation(seen.Id)], true)
    assert.deepEqual([...(await mary.GetInboxRules()).GetEnumerator()], [])
  })

  test('a delegate is added, seen and removed ([MS-OXWSDLGM] 3.1.4)', async () => {
    const mailbox = new Mailbox(site.mary)
    const rob = new DelegateUser(site.rob)
    rob.Permissions.CalendarFolderPermissionLevel = DelegateFolderPermissionLevel.Editor
    rob.ReceiveCopiesOfMeetingMessages = true
    await mary.AddDelegates(mailbox, MeetingRequestsDeliveryScope.DelegatesAndMe, [rob])
    const seen = await mary.GetDelegates(mailbox, true)
    assert.equal(seen.MeetingRequestsDeliveryScope, MeetingRequestsDeliveryScope.DelegatesAndMe)
    const [one] = seen.DelegateUserResponses
    assert.equal(one?.DelegateUser.UserId.PrimarySmtpAddress, site.rob)
    assert.equal(one?.DelegateUser.Permissions.CalendarFolderPermissionLevel, DelegateFolderPermissionLevel.Editor)
    const [gone] = await mary.RemoveDelegates(mailbox, [new UserId(site.rob)])
    assert.equal(gone?.Result, ServiceResult.Success)
  })
})
