import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AddDistributionGroupToImList, AddImContactToGroup, AddImGroup, AddNewImContactToGroup, AddNewTelUriContactToGroup, CreateItem, GetImItemList, GetImItems,
  RemoveContactFromImList, RemoveDistributionGroupFromImList, RemoveImContactFromGroup, RemoveImGroup, SetImGroup, SetImListMigrationCompleted,
} from '#schema' // prettier-ignore
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const list = async (client: EwsClient) => only([await client.call(GetImItemList, {})]).ImItemList!
/** Groups with how many members they have. */
const groups = async (client: EwsClient) =>
  Object.fromEntries((await list(client)).Groups?.map((one) => [one.DisplayName, one.MemberCorrelationKey?.length ?? 0]) ?? [])
const people = async (client: EwsClient) => ((await list(client)).Personas ?? []).map(({ DisplayName }) => DisplayName)

for (const engine of quickEngines) {
  test(`the list of instant messaging contacts: groups made, renamed, removed; the usual ones stay (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const first = await list(mary)
    assert.deepEqual(first.Groups?.map(({ DisplayName, GroupType }) => [DisplayName, GroupType]), [
      ['Other Contacts', 'IPM.DistList.MOC.OtherContacts'],
      ['Tagged', 'IPM.DistList.MOC.Tagged'],
      ['Favorites', 'IPM.DistList.MOC.Favorites'],
    ]) // prettier-ignore
    const team = only([await mary.call(AddImGroup, { DisplayName: 'Team' })]).ImGroup!
    assert.equal(team.GroupType, 'IPM.DistList.MOC.UserGroup')
    assert.deepEqual(codes([await mary.call(AddImGroup, { DisplayName: 'team' })]), ['ErrorImGroupDisplayNameAlreadyExists'])
    only([await mary.call(SetImGroup, { GroupId: team.ExchangeStoreId, NewDisplayName: 'Crew' })])
    const staff = only([await mary.call(AddDistributionGroupToImList, { SmtpAddress: 'staff@contoso.com', DisplayName: 'All' })]).ImGroup!
    assert.deepEqual([staff.GroupType, staff.SmtpAddress], ['IPM.DistList.MOC.DG', 'staff@contoso.com'])
    assert.deepEqual(codes([await mary.call(AddDistributionGroupToImList, { SmtpAddress: 'rob@contoso.com', DisplayName: 'Rob' })]), [
      'ErrorNameResolutionNoResults',
    ])
    assert.deepEqual(await groups(mary), { 'Other Contacts': 0, Tagged: 0, Favorites: 0, Crew: 0, All: 0 })
    const remove = async (id: { Id: string }) => codes([await mary.call(RemoveImGroup, { GroupId: id })])
    assert.deepEqual(await remove(first.Groups![0]!.ExchangeStoreId), ['ErrorInvalidImGroupId'])
    assert.deepEqual(await remove(staff.ExchangeStoreId), ['ErrorInvalidImGroupId'])
    assert.deepEqual(codes([await ewsClient(site, 'rob').call(RemoveImGroup, { GroupId: team.ExchangeStoreId })]), ['ErrorAccessDenied'])
    assert.deepEqual(await remove(team.ExchangeStoreId), ['NoError'])
    only([await mary.call(RemoveDistributionGroupFromImList, { GroupId: staff.ExchangeStoreId })])
    assert.deepEqual(await groups(mary), { 'Other Contacts': 0, Tagged: 0, Favorites: 0 })
    only([await mary.call(SetImListMigrationCompleted, { ImListMigrationCompleted: true })])
    assert.deepEqual(await people(ewsClient(site, 'rob')), [])
  })

  test(`the list of instant messaging contacts: people added, put into groups, removed (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const team = only([await mary.call(AddImGroup, { DisplayName: 'Team' })]).ImGroup!.ExchangeStoreId
    const rob = only([
      await mary.call(AddNewImContactToGroup, { ImAddress: 'rob@contoso.com', DisplayName: 'Rob', GroupId: team }),
    ]).Persona!
    assert.deepEqual([rob.DisplayName, rob.ImAddress], ['Rob', 'rob@contoso.com'])
    const again = only([await mary.call(AddNewImContactToGroup, { ImAddress: 'ROB@contoso.com' })]).Persona!
    assert.equal(again.PersonaId.Id, rob.PersonaId.Id, 'one address is one contact')
    only([
      await mary.call(AddNewTelUriContactToGroup, {
        TelUriAddress: 'tel:+4930555',
        ImContactSipUriAddress: 'sip:+4930555@contoso.com;user=phone',
        GroupId: team,
      }),
    ])
    assert.deepEqual(await groups(mary), { 'Other Contacts': 1, Tagged: 0, Favorites: 0, Team: 2 })
    assert.deepEqual(await people(mary), ['Rob', '+4930555'])

    const own = { kind: 'contact' as const, properties: { displayName: 'Zoe', imAddresses: { ImAddress1: 'zoe@example.org' } } }
    const ContactId = only(await mary.call(CreateItem, { Items: [own] })).Items[0]?.properties.itemId as { Id: string; ChangeKey: string }
    only([await mary.call(AddImContactToGroup, { ContactId, GroupId: team })])
    assert.deepEqual(codes([await mary.call(AddImContactToGroup, { ContactId: team, GroupId: team })]), ['ErrorInvalidImContactId'])
    assert.deepEqual(codes([await mary.call(AddImContactToGroup, { ContactId, GroupId: ContactId })]), ['ErrorInvalidImGroupId'])
    const some = await mary.call(GetImItems, {
      GroupIds: [{ is: 'ItemId', value: team }],
      ContactIds: [{ is: 'ItemId', value: ContactId }],
    })
    const asked = only([some]).ImItemList!
    assert.deepEqual(
      [asked.Groups?.map((one) => one.MemberCorrelationKey?.length), asked.Personas?.map((one) => one.DisplayName)],
      [[3], ['Zoe']],
    )
    assert.deepEqual(codes([await mary.call(GetImItems, {})]), ['ErrorMissingArgument'])

    only([await mary.call(RemoveImContactFromGroup, { ContactId, GroupId: team })])
    assert.deepEqual(codes([await mary.call(RemoveImContactFromGroup, { ContactId, GroupId: team })]), [
      'ErrorUnableToRemoveImContactFromGroup',
    ])
    only([await mary.call(RemoveContactFromImList, { ContactId: { Id: rob.PersonaId.Id } })])
    assert.deepEqual(await groups(mary), { 'Other Contacts': 0, Tagged: 0, Favorites: 0, Team: 1 })
    assert.deepEqual(await people(mary), ['+4930555'])
    assert.deepEqual(codes([await ewsClient(site, 'ann').call(AddImContactToGroup, { ContactId, GroupId: team })]), ['ErrorAccessDenied'])
  })
}
