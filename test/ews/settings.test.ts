import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConvertId, CreateUserConfiguration, DeleteUserConfiguration, GetFolder, GetServerTimeZones, GetUserConfiguration, GetUserOofSettings,
  SetUserOofSettings, UpdateUserConfiguration, type Infer, type UserConfiguration,
} from '#schema' // prettier-ignore
import { engines, quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

type Configuration = Infer<typeof UserConfiguration>
const name = (Name: string, Id = 'inbox') => ({ Folder: { is: 'DistinguishedFolderId' as const, value: { Id } }, Name })
const text = (value: string) => ({ Type: 'String' as const, Value: [value] })

for (const engine of quickEngines) {
  test(`configurations are kept in folders ([MS-OXWSUSRCFG], ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const Dictionary = [
      { DictionaryKey: text('colour & <name>'), DictionaryValue: text('"blue"') },
      { DictionaryKey: { Type: 'Integer32' as const, Value: ['7'] }, DictionaryValue: { Type: 'StringArray' as const, Value: ['a', 'b'] } },
      { DictionaryKey: text('none'), DictionaryValue: null },
    ]
    const UserConfigurationName = name('Lab')
    const XmlData = Buffer.from('<x/>').toString('base64')
    const made: Configuration = { UserConfigurationName, Dictionary, XmlData }
    only(await mary.call(CreateUserConfiguration, { UserConfiguration: made }))
    assert.deepEqual(codes(await mary.call(CreateUserConfiguration, { UserConfiguration: made })), ['ErrorItemSave'])
    const get = (
      UserConfigurationProperties: Infer<typeof GetUserConfiguration.request>['UserConfigurationProperties'],
      of = UserConfigurationName,
    ) => mary.call(GetUserConfiguration, { UserConfigurationName: of, UserConfigurationProperties })
    const all = only(await get(['All'])).UserConfiguration
    assert.deepEqual(all?.Dictionary, Dictionary)
    assert.equal(all?.XmlData, XmlData)
    assert.equal(all?.BinaryData, undefined)
    assert.ok(all?.ItemId)
    only(await mary.call(UpdateUserConfiguration, { UserConfiguration: { UserConfigurationName, BinaryData: 'AQID' } }))
    const later = only(await get(['BinaryData', 'XmlData'])).UserConfiguration
    assert.equal(later?.BinaryData, 'AQID')
    assert.equal(later?.XmlData, XmlData)
    assert.equal(later?.Dictionary, undefined)
    only(await mary.call(DeleteUserConfiguration, { UserConfigurationName }))
    assert.deepEqual(codes(await get(['All'])), ['ErrorItemNotFound'])
    assert.deepEqual(codes(await mary.call(DeleteUserConfiguration, { UserConfigurationName })), ['ErrorItemNotFound'])
    const options = only(await get(['Dictionary'], name('OWA.UserOptions', 'root'))).UserConfiguration
    assert.equal(options?.Dictionary?.[0]?.DictionaryKey.Value[0], 'timezone', 'DavMail asks for it')
  })

  test(`out-of-office is set and shown ([MS-OXWOOF] 3.1.4.1, 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const Mailbox = { Address: 'mary@contoso.com' }
    const before = await mary.call(GetUserOofSettings, { Mailbox })
    assert.equal(before.OofSettings?.OofState, 'Disabled')
    const Duration = { StartTime: Date.UTC(2030, 0, 1), EndTime: Date.UTC(2030, 0, 8) }
    const UserOofSettings = {
      OofState: 'Scheduled',
      ExternalAudience: 'Known',
      Duration,
      InternalReply: { Message: '<b>away</b>' },
      ExternalReply: { Message: '' },
    } as const
    const set = (value: Parameters<typeof SetUserOofSettings.request.write>[1]['UserOofSettings']) =>
      mary.call(SetUserOofSettings, { Mailbox, UserOofSettings: value })
    assert.equal((await set(UserOofSettings)).ResponseMessage?.ResponseCode, 'NoError')
    const { OofSettings, AllowExternalOof } = await mary.call(GetUserOofSettings, { Mailbox })
    assert.deepEqual(OofSettings, UserOofSettings)
    assert.equal(AllowExternalOof, 'All')
    const backwards = { ...UserOofSettings, Duration: { StartTime: Duration.EndTime, EndTime: Duration.StartTime } }
    assert.equal((await set(backwards)).ResponseMessage?.ResponseCode, 'ErrorInvalidScheduledOofDuration')
    const { Duration: _, ...without } = UserOofSettings
    assert.equal((await set(without)).ResponseMessage?.ResponseCode, 'ErrorInvalidUserOofSettings')
    const others = await ewsClient(site, 'rob').call(GetUserOofSettings, { Mailbox })
    assert.equal(others.ResponseMessage.ResponseCode, 'ErrorAccessDenied')
  })
}

test('time zones are listed and described in full ([MS-OXWSGTZ] 3.1.4.1)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const zones = only(await mary.call(GetServerTimeZones, { ReturnFullTimeZoneData: false })).TimeZoneDefinitions
  assert.ok(zones.length > 120)
  const Ids = ['W. Europe Standard Time', 'UTC', 'Nowhere']
  const [berlin, utc, more] = only(await mary.call(GetServerTimeZones, { Ids, ReturnFullTimeZoneData: true })).TimeZoneDefinitions
  assert.equal(more, undefined)
  assert.equal(utc?.Id, 'UTC')
  assert.match(berlin?.Name ?? '', /^\(UTC\+01:00\)/)
  assert.ok(berlin?.Periods?.some(({ Bias }) => Bias === '-PT2H'))
  assert.ok(berlin?.TransitionsGroups?.[0])
  const full = only(await mary.call(GetServerTimeZones, {})).TimeZoneDefinitions
  assert.equal(full.length, zones.length)
})

test('ids are converted between their formats and back ([MS-OXWSCVTID] 3.1.4.1)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const inbox = { is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } }
  const folder = only(await mary.call(GetFolder, { FolderShape: { BaseShape: 'IdOnly' }, FolderIds: [inbox] })).Folders?.[0]
  const { Id } = folder?.properties.folderId as { Id: string }
  const convert = (id: string, Format: 'EwsId' | 'EntryId', DestinationFormat: 'EwsId' | 'EntryId') =>
    mary.call(ConvertId, { SourceIds: [{ is: 'AlternateId', value: { Format, Id: id, Mailbox: 'mary@contoso.com' } }], DestinationFormat })
  for (const format of ['EwsLegacyId', 'EntryId', 'HexEntryId', 'StoreId', 'OwaId'] as const) {
    const there = only(await convert(Id, 'EwsId', format as 'EntryId')).AlternateId
    assert.ok(there?.is === 'AlternateId')
    assert.equal(there.value.Format, format)
    assert.equal(there.value.Mailbox, 'mary@contoso.com', 'DavMail takes it for the address')
    const back = only(await convert(there.value.Id, format as 'EntryId', 'EwsId')).AlternateId
    assert.equal(back?.is === 'AlternateId' && back.value.Id, Id, format)
  }
  assert.deepEqual(codes(await convert('DUMMY', 'EwsId', 'EntryId')), ['ErrorInvalidIdMalformed'])
  assert.deepEqual(codes(await convert('AAAA', 'EntryId', 'EwsId')), ['ErrorInvalidIdMalformed'])
})
