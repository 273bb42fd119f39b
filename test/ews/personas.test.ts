import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionLevels } from '#model'
import { CreateItem, FindPeople, GetPersona, type BaseFolderId, type EwsItem, type Infer } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const marys = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id, Mailbox: { EmailAddress: 'mary@contoso.com' } } })
const page = { Offset: 0, MaxEntriesReturned: 50, BasePoint: 'Beginning' as const }
type Request = Partial<Infer<typeof FindPeople.request>>
const find = async (client: EwsClient, request: Request = {}) =>
  only([await client.call(FindPeople, { IndexedPageItemView: page, ...request })])
const names = async (client: EwsClient, request: Request = {}) =>
  (await find(client, request)).People?.map(({ DisplayName }) => DisplayName)
const inContacts: Request = { ParentFolderId: { Folder: named('contacts') } }
const contact = (displayName: string, address: string, more: EwsItem['properties'] = {}): EwsItem => ({
  kind: 'contact',
  properties: { displayName, subject: displayName, emailAddresses: { EmailAddress1: { address } }, ...more },
})

for (const engine of quickEngines) {
  test(`[MS-OXWSPERS] 3.1.4.1 FindPeople: contacts and the directory, by words, restriction and order (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const made = [
      contact('Zoe Quill', 'zoe@example.org', {
        givenName: 'Zoe',
        surname: 'Quill',
        companyName: 'Quills',
        phoneNumbers: { MobilePhone: '+1 5' },
      }),
      contact('Adam Able', 'adam@example.org', { givenName: 'Adam', surname: 'Able' }),
      contact('Rob at home', 'rob@contoso.com', { givenName: 'Rob', physicalAddresses: { Home: { city: 'Berlin' } } }),
    ]
    only((await mary.call(CreateItem, { Items: made })).slice(0, 1))
    const all = await find(mary, inContacts)
    assert.deepEqual(all.People?.map(({ DisplayName }) => DisplayName), ['Adam Able', 'Rob at home', 'Zoe Quill']) // prettier-ignore
    assert.deepEqual([all.TotalNumberOfPeopleInView, all.FirstMatchingRowIndex, all.FirstLoadedRowIndex], [3, 0, 0])
    const second = await find(mary, { ...inContacts, IndexedPageItemView: { ...page, Offset: 1, MaxEntriesReturned: 1 } })
    assert.deepEqual(second.People?.map(({ DisplayName }) => DisplayName), ['Rob at home']) // prettier-ignore
    const descending = [{ uri: 'persona:Surname', descending: true }]
    assert.deepEqual((await names(mary, { ...inContacts, SortOrder: descending }))?.slice(0, 2), ['Zoe Quill', 'Adam Able'])
    assert.deepEqual(await names(mary, { ...inContacts, QueryString: 'qui' }), ['Zoe Quill'])
    const Restriction = { contains: { property: 'givenName' }, value: 'ada', mode: 'Substring' as const, comparison: 'IgnoreCase' as const }
    assert.deepEqual(await names(mary, { ...inContacts, Restriction }), ['Adam Able'])
    const zoe = (
      await find(mary, {
        ...inContacts,
        QueryString: 'zoe',
        PersonaShape: { BaseShape: 'IdOnly', AdditionalProperties: ['persona:CompanyName'] },
      })
    ).People?.[0]
    assert.deepEqual(Object.keys(zoe ?? {}).sort(), ['CompanyName', 'PersonaId'])

    const both = (await find(mary, { QueryString: 'rob', PersonaShape: { BaseShape: 'AllProperties' } })).People ?? []
    assert.equal(both.length, 1, 'the contact and who it is in the directory are one person')
    assert.deepEqual(both[0]?.Attributions?.map(({ DisplayName }) => DisplayName), ['Outlook', 'GAL']) // prettier-ignore
    assert.equal(both[0]?.HomeCity, 'Berlin')
    assert.equal(both[0]?.Title, 'Software Engineer')

    const list = { ParentFolderId: { Folder: named('directory') } }
    const everybody = (await names(mary, list)) ?? []
    assert.ok(everybody.includes('Ann Beebe') && everybody.includes('All Staff') && everybody.includes('Room 1'))
    assert.deepEqual(everybody, everybody.toSorted())
    assert.deepEqual(await names(mary, { ...list, QueryString: 'ann bee' }), ['Ann Beebe'])
    assert.equal(
      (await find(mary, { ParentFolderId: { Folder: { is: 'AddressListId', value: { Id: 'gal' } } }, QueryString: 'ann' })).People?.length,
      1,
    )
    const wrong = async (request: Request) => (await mary.call(FindPeople, { IndexedPageItemView: page, ...request })).ResponseCode
    assert.equal(await wrong({ ParentFolderId: { Folder: named('inbox') } }), 'ErrorInvalidFolderTypeForOperation')
    assert.equal(
      await wrong({ ...inContacts, SortOrder: [{ uri: 'persona:Bodies', descending: true }] }),
      'ErrorUnsupportedPathForSortGroup',
    )
  })

  test(`[MS-OXWSPERS] 3.1.4.1 FindPeople: the address list by restrictions (${engine.name})`, async () => {
    const hidden = { address: 'engineer@contoso.com', displayName: 'Hidden Engineer', title: 'Engineer' }
    await using site = await startTestSite({ engine, people: [hidden] })
    const mary = ewsClient(site)
    const { organisation, id } = site.people['engineer']!
    await site.directory.update(organisation, id, { hiddenFromAddressLists: true })
    await site.directory.update(organisation, site.people['ann']!.id, { title: 'Engineer', department: 'Bridges' })
    const list = { ParentFolderId: { Folder: named('directory') } }
    const by = (property: string, value: string, mode: 'Substring' | 'Prefixed' | 'FullString' = 'Substring') =>
      ({ contains: { property }, value, mode, comparison: 'IgnoreCase' }) as const
    const engineers = by('jobTitle', 'engineer')
    assert.deepEqual(await names(mary, { ...list, Restriction: engineers }), ['Ann Beebe', 'Rob Young'])
    const whole = await find(mary, { ...list, Restriction: engineers, IndexedPageItemView: { ...page, Offset: 1, MaxEntriesReturned: 1 } })
    assert.deepEqual([whole.People?.map(({ DisplayName }) => DisplayName), whole.TotalNumberOfPeopleInView], [['Rob Young'], 2])
    const descending = [{ uri: 'persona:DisplayName', descending: true }]
    assert.deepEqual(await names(mary, { ...list, Restriction: engineers, SortOrder: descending }), ['Rob Young', 'Ann Beebe'])
    const others = { and: [engineers, { not: by('department', 'bridges') }] }
    assert.deepEqual(await names(mary, { ...list, Restriction: others }), ['Rob Young'])
    assert.deepEqual(await names(mary, { ...list, Restriction: { exists: { property: 'department' } } }), ['Ann Beebe', 'Mary Jensen'])
    assert.deepEqual(await names(mary, { ...list, Restriction: by('emailAddresses', 'ann@', 'Prefixed') }), ['Ann Beebe'])
    assert.deepEqual(await names(mary, { ...list, Restriction: by('jobTitle', 'engineer', 'FullString') }), ['Ann Beebe'])
    assert.deepEqual(await names(mary, { ...list, QueryString: 'rob', Restriction: engineers }), ['Rob Young'])
    assert.deepEqual(await names(mary, { ...list, QueryString: 'mary', Restriction: engineers }), [])
    assert.deepEqual(await names(mary, { QueryString: 'rob', Restriction: engineers }), ['Rob Young'], 'beside the own contacts')
    const deep = Array.from({ length: 120 }).reduce((inner) => ({ not: inner }), engineers) as typeof others
    const refused = await mary.call(FindPeople, { IndexedPageItemView: page, ...list, Restriction: deep })
    assert.equal(refused.ResponseCode, 'ErrorRestrictionTooComplex')
  })

  test(`[MS-OXWSPERS] 3.1.4.2 GetPersona: by id and by address, all sources with their attributions (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const more = {
      body: { type: 'Text', value: 'Likes tea' },
      companyName: 'Home',
      phoneNumbers: { HomePhone: '+49 1' },
      children: ['Tim'],
      birthday: Date.UTC(1990, 1, 2),
    }
    const created = only(await mary.call(CreateItem, { Items: [contact('Rob privately', 'rob@contoso.com', more as never)] }))
    const { Id } = created.Items[0]?.properties.itemId as { Id: string }
    const byId = only([await mary.call(GetPersona, { PersonaId: { Id } })]).Persona
    assert.equal(byId.DisplayName, 'Rob privately')
    assert.deepEqual(byId.DisplayNames?.map(({ Value, Attributions }) => [Value, Attributions]), [['Rob privately', ['0']], ['Rob Young', ['1']]]) // prettier-ignore
    assert.equal(byId.Bodies?.[0]?.Value.Value.trim(), 'Likes tea')
    assert.deepEqual(byId.HomePhones?.[0]?.Value, { Number: '+49 1', Type: 'Home' })
    assert.deepEqual(byId.Children?.[0]?.Values, ['Tim'])
    const byAddress = only([await mary.call(GetPersona, { EmailAddress: { EmailAddress: 'ROB@contoso.com' } })]).Persona
    assert.deepEqual(byAddress.Attributions?.map(({ DisplayName }) => DisplayName), ['Outlook', 'GAL']) // prettier-ignore
    const ann = (await find(mary, { QueryString: 'ann beebe' })).People?.[0]
    const listed = only([await mary.call(GetPersona, { PersonaId: ann!.PersonaId })]).Persona
    assert.equal(listed.EmailAddress?.EmailAddress, 'ann@contoso.com')
    const refused = async (request: Infer<typeof GetPersona.request>) => codes([await mary.call(GetPersona, request)])
    assert.deepEqual(await refused({}), ['ErrorMissingArgument'])
    assert.deepEqual(await refused({ EmailAddress: { EmailAddress: 'nobody@contoso.com' } }), ['ErrorItemNotFound'])
    assert.deepEqual(await refused({ PersonaId: { Id: 'AAPD1234' } }), ['ErrorInvalidIdMalformed'])
  })

  test(`people tell nothing of private contacts, of folders without rights, of the hidden (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const rob = ewsClient(site, 'rob')
    const items = [contact('Doctor', 'doctor@example.org', { sensitivity: 'Private' }), contact('Baker', 'baker@example.org')]
    const answers = await mary.call(CreateItem, { Items: items })
    const [doctor, baker] = answers.map((one) => (only([one]).Items[0]?.properties.itemId as { Id: string }).Id)
    const there: Request = { ParentFolderId: { Folder: marys('contacts') } }
    assert.equal((await rob.call(FindPeople, { IndexedPageItemView: page, ...there })).ResponseCode, 'ErrorAccessDenied')
    assert.deepEqual(codes([await rob.call(GetPersona, { PersonaId: { Id: baker! } })]), ['ErrorItemNotFound'])
    await site.mailboxes.changeFolderPermission(
      await site.caller('mary'),
      { mailbox: site.people.mary!.mailbox, kind: 'contacts' },
      { user: site.people.rob!.id, how: 'add', rights: permissionLevels.Reviewer },
    )
    assert.deepEqual(await names(rob, there), ['Baker'])
    assert.deepEqual(await names(rob, { ...there, QueryString: 'doctor' }), [])
    assert.deepEqual(codes([await rob.call(GetPersona, { PersonaId: { Id: doctor! } })]), ['ErrorItemNotFound'])
    assert.equal(only([await rob.call(GetPersona, { PersonaId: { Id: baker! } })]).Persona.DisplayName, 'Baker')

    const [ann] = (await find(rob, { QueryString: 'ann' })).People ?? []
    await site.directory.update(site.organisation.id, site.people.ann!.id, { hiddenFromAddressLists: true })
    assert.deepEqual(await names(rob, { QueryString: 'ann' }), [])
    assert.ok(!(await names(rob, { ParentFolderId: { Folder: named('directory') } }))?.includes('Ann Beebe'))
    assert.deepEqual(codes([await rob.call(GetPersona, { PersonaId: ann!.PersonaId })]), ['ErrorItemNotFound'])
    assert.deepEqual(codes([await rob.call(GetPersona, { EmailAddress: { EmailAddress: 'ann@contoso.com' } })]), ['ErrorItemNotFound'])
  })
}
