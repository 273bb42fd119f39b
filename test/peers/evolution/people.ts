/** Steps with Evolution's address book, and with the settings of the account. */
import assert from 'node:assert/strict'
import { all, idOf, text, texts } from '../../requirements/person.ts'
import type { World } from './world.ts'

const card = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'FN:Ada Lovelace',
  'N:Lovelace;Ada;;;',
  'EMAIL;TYPE=WORK:ada@example.com',
  'EMAIL;TYPE=HOME:ada@home.example',
  'TEL;TYPE=CELL:+44 2',
  'ORG:Engines;Programs',
  'TITLE:Countess',
  'BDAY:1975-12-10',
  'ADR;TYPE=WORK:;;12 Square;London;;SW1;UK',
  'NOTE:First of them',
  'END:VCARD',
  '',
].join('\r\n')

/** Contacts, lists, the organisation's list. */
export async function peopleSteps({ desk, mary, step }: World): Promise<void> {
  const contactCalled = async (name: string) => {
    const found = (await mary.find('contacts', { fields: ['contacts:DisplayName'] })).find((item) => text(item, 'DisplayName') === name)
    assert.ok(found, name)
    return mary.get(idOf(found))
  }

  await step('creates, changes and removes a contact', async () => {
    const shown = await desk.ask<string>('contacts_create', { card })
    for (const part of [
      /EMAIL[^:]*:ada@example\.com/,
      /TEL[^:]*:\+44 2/,
      /TITLE:Countess/,
      /BDAY:1975-12-10/,
      /N:Lovelace;Ada/,
      /12 Square;London/,
    ])
      assert.match(shown, part)
    const made = await contactCalled('Ada Lovelace')
    assert.deepEqual(texts(made, 'EmailAddresses/Entry').sort(), ['ada@example.com', 'ada@home.example'])
    assert.equal(text(made, 'JobTitle'), 'Countess')
    assert.equal(text(made, 'CompanyName'), 'Engines')
    assert.equal(text(made, 'Department'), 'Programs')
    assert.match(text(made, 'Birthday') ?? '', /^1975-12-10/)
    assert.equal(text(made, 'PhysicalAddresses/Entry/City'), 'London')
    await desk.ask('contacts_modify', { called: 'Ada Lovelace', fields: { title: 'Programmer', 'mobile-phone': '+44 3' } })
    const changed = await contactCalled('Ada Lovelace')
    assert.equal(text(changed, 'JobTitle'), 'Programmer')
    assert.deepEqual(
      all(changed, 'PhoneNumbers/Entry').map((entry) => [entry.attributes['Key'], entry.children.join('')]),
      [['MobilePhone', '+44 3']],
    )
    await mary.create(
      '<t:Contact><t:DisplayName>Charles Babbage</t:DisplayName><t:GivenName>Charles</t:GivenName><t:Surname>Babbage</t:Surname></t:Contact>',
    )
    assert.deepEqual(await desk.ask('contacts_names'), ['Ada Lovelace', 'Charles Babbage'])
    assert.deepEqual(await desk.ask('contacts_remove', { called: 'Ada Lovelace' }), ['Charles Babbage'])
    assert.equal((await mary.find('contacts')).length, 1)
  })

  await step('reads a distribution list', async () => {
    await mary.create(
      '<t:DistributionList><t:DisplayName>Crew</t:DisplayName><t:Members><t:Member><t:Mailbox><t:Name>Rob Young</t:Name><t:EmailAddress>rob@contoso.com</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox></t:Member></t:Members></t:DistributionList>',
    )
    const shown = await desk.ask<string>('contacts_read', { called: 'Crew' })
    assert.match(shown, /X-EVOLUTION-LIST:TRUE/)
    assert.match(shown, /EMAIL[^:]*:[^\r]*rob@contoso\.com/)
  })

  await step("finds people in the organisation's list", async () => {
    const [rob = '', ...more] = await desk.ask<string[]>('addresses_search', { name: 'Rob' })
    assert.equal(more.length, 0)
    assert.match(rob, /FN:Rob Young/)
    assert.match(rob, /EMAIL[^:]*:rob@contoso\.com/)
  })
}
