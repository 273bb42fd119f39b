import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterProperties, matchesFilter, readFilterText, recipientTypes, type Recipient } from '#directory'
import { Refusal } from '#model'
import { quickEngines } from '../support/engines.ts'
import { desk, refusal } from './desk.ts'

const types = recipientTypes.map(({ details }) => details)

test('a filter is read into a tree', () => {
  const one = (property: string, operator: string, value: unknown, position: number) => ({ property, operator, value, position })
  const cases: [string, unknown][] = [
    ["Alias -eq 'mary'", one('Alias', 'eq', 'mary', 1)],
    ['{ Alias –EQ “mary” }', one('Alias', 'eq', 'mary', 3)],
    ["name -ne 'O''Neil'", one('name', 'ne', "O'Neil", 1)],
    ['Department -eq $NULL', one('Department', 'eq', null, 1)],
    ['HiddenFromAddressListsEnabled -eq $true', one('HiddenFromAddressListsEnabled', 'eq', true, 1)],
    ['Size -gt 10', one('Size', 'gt', 10, 1)],
    ['Size -gt -1.5', one('Size', 'gt', -1.5, 1)],
    ['Size -gt 10MB', one('Size', 'gt', '10MB', 1)],
    ['a -eq 1 -and b -eq 2 -and c -eq 3', { and: [one('a', 'eq', 1, 1), one('b', 'eq', 2, 14), one('c', 'eq', 3, 27)] }],
    ['a -eq 1 -or b -eq 2 -and c -eq 3', { and: [{ or: [one('a', 'eq', 1, 1), one('b', 'eq', 2, 13)] }, one('c', 'eq', 3, 26)] }],
    ['-not (a -eq 1)', { not: one('a', 'eq', 1, 7) }],
    ['!a -eq 1', { not: one('a', 'eq', 1, 2) }],
  ]
  for (const [text, expected] of cases) assert.deepEqual(readFilterText(text), expected, text)
})

test('what cannot be read is refused with where it stands', () => {
  const cases: [string, number, RegExp][] = [
    ['', 1, /a property is missing/],
    ['Alias', 6, /a comparison .* is missing/],
    ['Alias -eq', 10, /a value is missing/],
    ["Alias -eq 'mary", 11, /quote is not closed/],
    ["(Alias -eq 'mary'", 1, /'\(' is not closed/],
    ["{Alias -eq 'mary')", 18, /'\)' closes '\{'/],
    ["Alias -match 'mary'", 7, /'-match' stands where a comparison/],
    ["Alias -eq 'mary' Name -eq 'x'", 18, /stands where -and, -or/],
    ['Alias -eq $name', 11, /the variable \$name is not known here/],
    ['Alias -eq "a$name"', 13, /the variable \$name/],
    ['Alias -eq "$(Get-Date)"', 12, /the variable \$\(Get/],
    ["Alias -eq 'a'; Remove-Mailbox mary", 14, /stands where/],
    [`${'('.repeat(40)}a -eq 1`, 32, /more than 30 parentheses/],
    [`a -eq 1${' -and a -eq 1'.repeat(200)}`, 2601, /more than 200 comparisons/],
    [`a -eq '${'x'.repeat(10_000)}'`, 10_001, /more than 10000 characters/],
  ]
  for (const [text, position, message] of cases) {
    assert.throws(
      () => readFilterText(text),
      (error: unknown) => {
        assert.ok(error instanceof Refusal && error.code === 'InvalidParameter', String(error))
        assert.match(error.message, message)
        assert.equal(error.detail.position, position, text.slice(0, 60))
        return true
      },
    )
  }
})

for (const engine of quickEngines) {
  test(`filters find in the store what they match in memory (${engine.name})`, async () => {
    await using site = await desk(engine)
    const { directory, organisation, clock } = site
    const make = (alias: string, more: Partial<Recipient> & { kind?: Recipient['kind'] } = {}) =>
      directory.create(organisation, { kind: 'UserMailbox', alias, displayName: alias, ...more })
    const chief = await make('chief', { title: 'Boss', displayName: 'Chief Ölgemälde', customAttributes: { CustomAttribute1: '50%_off' } })
    clock.now = Date.UTC(2030, 1, 1)
    const ann = await make('ann', {
      department: 'SALES',
      manager: chief.id,
      phones: { MobilePhone: '+49 1' },
      hiddenFromAddressLists: true,
    })
    await make('room', { kind: 'RoomMailbox', capacity: 12 })
    await make('zoe', { kind: 'MailContact', externalAddress: 'Zoe@Fabrikam.com', department: 'Sales East' })
    await make('remote', { kind: 'MailUser', externalAddress: 'r@x.example', remoteMailbox: 'UserMailbox', extensionAttributes: { ExtensionCustomAttribute2: ['One', 'Two'] } }) // prettier-ignore
    await make('staff', { kind: 'DistributionGroup', members: [ann.id], managedBy: [chief.id], security: true })
    const everybody = (await directory.search({ organisation, types, limit: 100 })).recipients
    const cases: [string, string][] = [
      ["Department -eq 'sales'", 'ann'],
      ["Department -like 'sales*'", 'ann zoe'],
      ["Department -ne 'sales' -and RecipientTypeDetails -eq 'UserMailbox'", 'boss chief mary sharer'],
      ['Department -eq $null -and Alias -like "*e"', 'remote'],
      ["-not (Department -like '*')", 'boss chief mary remote room sharer staff'],
      ["DisplayName -like '*ÖLGEMÄLDE'", 'chief'],
      ["CustomAttribute1 -like '*%_*'", 'chief'],
      ["CustomAttribute1 -eq '50__off'", ''],
      [`Manager -eq 'Chief Ölgemälde'`, 'ann'],
      [`Manager -eq '${chief.legacyExchangeDn}'`, 'ann'],
      ["Manager -eq 'nobody'", ''],
      ["MemberOfGroup -eq 'staff'", 'ann'],
      ["MemberOfGroup -ne 'staff' -and Title -ne $null", 'chief'],
      [`ManagedBy -eq '{${chief.id}}'`, 'staff'],
      ["EmailAddresses -eq 'ANN@contoso.com'", 'ann'],
      ["EmailAddresses -like 'smtp:ann*'", 'ann'],
      ["EmailAddresses -like 'ann*'", ''],
      ["ExternalEmailAddress -eq 'zoe@fabrikam.com'", 'zoe'],
      ["RecipientType -eq 'MailUser'", 'remote'],
      ["RecipientTypeDetails -eq 'MailUniversalSecurityGroup'", 'staff'],
      ['HiddenFromAddressListsEnabled -eq "True"', 'ann'],
      ['HiddenFromAddressListsEnabled -ne $false', 'ann'],
      ["WhenCreated -lt '1/31/2030 11:59 PM'", 'boss chief mary sharer'],
      ["WhenCreated -ge '2030-02-01T00:00:00Z' -and RecipientType -eq UserMailbox", 'ann room'],
      ["ExtensionCustomAttribute2 -eq 'two'", 'remote'],
      ["ExtensionCustomAttribute2 -ne 'two' -and RecipientType -eq 'MailUser'", ''],
      ["MobilePhone -eq '+49 1'", 'ann'],
      ['ResourceCapacity -gt 11', 'room'],
      ["ProhibitSendQuota -eq 'Unlimited' -and Alias -like 'a*'", 'ann'],
      [`Guid -eq '${ann.id.toUpperCase()}'`, 'ann'],
      ["Alias -gt 's' -and Alias -le 'staff'", 'sharer staff'],
      ["Alias -eq 'x'' or 1=1 --'", ''],
      ['Alias -eq \'x") or ("1"="1\'', ''],
    ]
    for (const [text, expected] of cases) {
      const filter = await directory.readFilter(organisation, text)
      const { recipients } = await directory.search({ organisation, types, filter, sortBy: 'Alias', limit: 100 })
      assert.equal(recipients.map(({ alias }) => alias).join(' '), expected, text)
      const groupsOf = async (one: Recipient) => directory.groupsOf(organisation, one.id)
      const matching = []
      for (const one of everybody) if (matchesFilter(filter, one, await groupsOf(one))) matching.push(one.alias)
      assert.deepEqual(matching.sort().join(' '), expected, `in memory: ${text}`)
    }
    const refused: [string, RegExp][] = [
      ["Departmnt -eq 'x'", /character 1: there is no property 'Departmnt' .*near it: Department/],
      ["HiddenFromAddressListsEnabled -like 'x'", /compared by -eq or -ne/],
      ["WhenCreated -gt 'soon'", /'soon' is no date/],
      ["WhenCreated -like '2030*'", /is no text/],
      ["Manager -like 'x*'", /names a recipient/],
      ['Alias -gt $null', /cannot be asked of \$null/],
      [`Alias -like '${'*a'.repeat(9)}'`, /at most 8 \*/],
    ]
    for (const [text, message] of refused)
      await assert.rejects(directory.readFilter(organisation, text), refusal('InvalidParameter', message))
    await assert.rejects(
      directory.search({ organisation, types, sortBy: 'Nonsense', limit: 1 }),
      refusal('InvalidParameter', /sorted by 'Nonsense'/),
    )
  })
}

test('each filterable property has one name, and those of one facet are of one type', () => {
  const names = filterProperties.map(({ name }) => name.toLowerCase())
  assert.equal(new Set(names).size, names.length)
  const kinds = new Map<string, string>()
  for (const { facet, type, many } of filterProperties) {
    const kind = `${type} ${many}`
    assert.equal(kinds.get(facet) ?? kind, kind, facet)
    kinds.set(facet, kind)
  }
})
