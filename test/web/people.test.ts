/** What the browser asks for contacts, lists and people of the directory that its journey does not show. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { WebApi } from '#protocols/web'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

type Contact = WebApi['saveContact']['input']
const contact = (more: Partial<Contact> = {}): Contact => ({
  ...{ givenName: 'Ada', surname: 'Lovelace', jobTitle: '', department: '', companyName: '', website: '', emails: ['ada@engine.example'] },
  ...{ businessPhone: '', mobilePhone: '', homePhone: '', business: {}, home: {}, birthday: '1815-12-10', notes: '' },
  ...more,
})
/** One pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

for (const engine of quickEngines) {
  test(`contacts are kept, found and bounded, and nobody reaches those of others (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const { item } = await mary.ask('saveContact', contact({ homePhone: '1', home: { city: 'London' } }))
    const { contact: seen } = await mary.ask('person', { contact: item })
    assert.deepEqual([seen?.name, seen?.birthday, seen?.homePhone, seen?.home.city], ['Ada Lovelace', '1815-12-10', '1', 'London'])
    const { people, more } = await mary.ask('findPeople', { where: 'contacts', words: 'lov', limit: 10 })
    assert.deepEqual([people.map(({ id, name }) => [id, name]), more], [[[String(item), 'Lovelace, Ada']], false])

    // Two windows: the later one is told.
    const { change } = seen!
    await mary.ask('saveContact', contact({ item, change, homePhone: '2', birthday: '' }))
    assert.equal(await mary.refusal('saveContact', contact({ item, change, homePhone: '3' })), 'IrresolvableConflict')
    const after = (await mary.ask('person', { contact: item })).contact
    assert.deepEqual([after?.homePhone, after?.birthday], ['2', ''])

    // A number is one of the own mailbox: those of others are nothing.
    for (const [name, input] of [
      ['person', { contact: item }],
      ['saveContact', contact({ item })],
      ['saveContactList', { item, name: 'x', members: [] }],
      ['removeContact', { item }],
    ] as const) {
      assert.equal(await rob.refusal(name, input), 'ItemNotFound', name)
    }
    const mailbox = site.people.mary!.mailbox
    for (const path of [`picture/${mailbox}/${item}`, `vcard/${mailbox}/${item}`]) {
      assert.ok((await rob.browser.request(`/owa/${path}`)).status >= 403, path)
    }

    const hostile: [string, unknown][] = [
      ['saveContact', { ...contact(), item: -1 }],
      ['saveContact', { ...contact(), item: 1e300 }],
      ['saveContact', contact({ givenName: 'x'.repeat(256) })],
      ['saveContact', contact({ emails: ['a@b.c', 'a@b.c', 'a@b.c', 'a@b.c'] })],
      ['saveContact', contact({ birthday: '2026-02-30' })],
      ['saveContact', contact({ notes: 'x'.repeat(100_001) })],
      ['saveContact', contact({ picture: 'no base64!' })],
      ['saveContact', contact({ picture: 'A'.repeat(5_600_004) })],
      ['saveContactList', { name: ' ', members: [] }],
      ['saveContactList', { name: 'x', members: Array.from({ length: 501 }, (_, at) => ({ name: '', address: `a${at}@b.c` })) }],
      ['findPeople', { where: 'contacts', limit: 1001 }],
      ['findPeople', { where: 'contacts', words: 'x'.repeat(201), limit: 1 }],
      ['findPeople', { where: 'elsewhere', limit: 1 }],
      ['person', { contact: '../1' }],
      ['person', { recipient: '' }],
    ]
    for (const [name, input] of hostile)
      assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80))
    assert.equal(await mary.refusal('person', { recipient: "x' -or 1" }), 'ItemNotFound')
    await mary.ask('removeContact', { item })
    assert.equal(await mary.refusal('person', { contact: item }), 'ItemNotFound')
  })

  test(`pictures of contacts are pictures, and lists have the members that they were given (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const mailbox = site.people.mary!.mailbox
    const { item } = await mary.ask('saveContact', contact({ picture: png }))
    const shown = await mary.browser.request(`/owa/picture/${mailbox}/${item}`)
    assert.deepEqual([shown.status, shown.headers['content-type']], [200, 'image/png'])
    assert.match(String(shown.headers['content-security-policy']), /default-src 'none'; sandbox/)
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64')
    assert.equal(await mary.refusal('saveContact', contact({ item, picture: svg })), 'InvalidArgument')
    // Other clients can say of anything that it is a picture: it is not shown.
    const photo = { kind: 'file' as const, name: 'p.png', contentType: 'image/png', photo: true, content: svg }
    await site.mailboxes.createAttachments(await site.caller('mary'), { mailbox, id: item }, [photo])
    assert.equal((await mary.browser.request(`/owa/picture/${mailbox}/${item}`)).status, 404)

    const members = [{ name: 'Rob', address: 'rob@contoso.com' }, { name: '', address: 'ada@engine.example' }] // prettier-ignore
    const list = await mary.ask('saveContactList', { name: 'Friends', members })
    const { contact: seen } = await mary.ask('person', { contact: list.item })
    assert.deepEqual(
      [seen?.isList, seen?.name, seen?.members.map(({ address }) => address), seen?.card],
      [true, 'Friends', ['rob@contoso.com', 'ada@engine.example'], undefined],
    )
    assert.equal(await mary.refusal('saveContact', contact({ item: list.item })), 'InvalidPropertySet')

    const { people } = await mary.ask('findPeople', { where: 'directory', words: 'rob', limit: 10 })
    const { recipient } = await mary.ask('person', { recipient: people[0]!.id })
    assert.deepEqual([recipient?.name, recipient?.manager?.name, recipient?.picture], ['Rob Young', 'Mary Jensen', undefined])
  })

  test(`birthdays are the day that was meant, as other clients keep them: [MS-OXOCNTC] 2.2.1 PidTagBirthday (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const { item } = await mary.ask('saveContact', contact())
    const paths = [{ property: 'birthday' }]
    const [kept] = await site.mailboxes.getItems(await site.caller('mary'), [{ mailbox, id: item }], { shape: 'ids', paths })
    assert.equal(kept && 'properties' in kept && kept.properties.birthday, Date.UTC(1815, 11, 10, 11, 59))
    // Midnight in Berlin, as Outlook there says it.
    const birthday = Date.parse('1990-05-02T00:00+02:00')
    const made = { kind: 'contact' as const, properties: { displayName: 'Bo', birthday } }
    const { ref } = await site.mailboxes.createItem(await site.caller('mary'), { mailbox, kind: 'contacts' }, made)
    assert.equal((await mary.ask('person', { contact: ref.id })).contact?.birthday, '1990-05-02')
    const file = await mary.browser.request(`/owa/vcard/${mailbox}/${ref.id}`)
    assert.match(file.body, /^BDAY:1990-05-02\r$/m)

    // Without its year, as phones keep it.
    const yearless = { kind: 'contact' as const, properties: { displayName: 'Cy', birthdayLocal: '1604-04-15T00:00:00' } }
    const { ref: other } = await site.mailboxes.createItem(await site.caller('mary'), { mailbox, kind: 'contacts' }, yearless)
    assert.equal((await mary.ask('person', { contact: other.id })).contact?.birthday, '--04-15')
    const card = await mary.browser.request(`/owa/vcard/${mailbox}/${other.id}`)
    assert.match(card.body, /^BDAY:--04-15\r$/m)
    await mary.ask('saveContact', contact({ item: other.id, birthday: '--02-29' }))
    assert.equal((await mary.ask('person', { contact: other.id })).contact?.birthday, '--02-29')
    assert.match((await mary.browser.request(`/owa/vcard/${mailbox}/${other.id}`)).body, /^BDAY:--02-29\r$/m)
    for (const wrong of ['--02-30', '--13-01', '-02-29', '--1-1'])
      assert.equal(await mary.refusal('saveContact', contact({ birthday: wrong })), 'SchemaValidation', wrong)
  })

  test(`contacts are read from a file of vCards and written to one; what is none is told of (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const card = (...lines: string[]) => ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n')
    const text = [
      card(
        'N:Lovelace;Ada;;;',
        'FN:Ada Lovelace',
        'BDAY:18151210',
        'EMAIL;TYPE=work:ada@engine.example',
        `PHOTO:data:image/png;base64,${png}`,
      ),
      card('FN:<script>alert(1)</script>', 'PHOTO;ENCODING=b;TYPE=PNG:PHN2Zz48c2NyaXB0Pg==', 'URL:javascript:alert(1)'),
      card('N:Agent;Of;;;', 'AGENT:', 'BEGIN:VCARD', 'FN:Inner', 'END:VCARD', 'FN:Of Agent'),
      'BEGIN:VCARD\r\nFN:broken\r\nNOTE:a\r\n BEGIN:VCARD\r\n',
      card('FN:After', 'AGENT;X=1:BEGIN:VCARD', 'FN:Inner', 'END:VCARD', 'TITLE:Still'),
      card('TEL:1'),
      card(`FN:${'x'.repeat(2001)}`),
      'BEGIN:VCARD\r\nFN:never ends\r\n',
    ].join('')
    const { taken, refused, why } = await mary.ask('importContacts', { text })
    assert.deepEqual([taken, refused, why.includes('A card does not end.')], [4, 4, true], why.join())
    const { people } = await mary.ask('findPeople', { where: 'contacts', limit: 10 })
    assert.deepEqual(
      people.map(({ name, picture }) => [name, picture !== undefined]).toSorted(),
      [['<script>alert(1)</script>', false], ['After', false], ['Agent, Of', false], ['Lovelace, Ada', true]],
    ) // prettier-ignore
    const ada = people.find(({ name }) => name.startsWith('Lovelace'))!
    assert.equal((await mary.ask('person', { contact: Number(ada.id) })).contact?.birthday, '1815-12-10')

    const file = await mary.browser.request('/owa/contacts-file')
    assert.deepEqual(
      [file.status, file.headers['content-type'], file.headers['content-disposition'], file.body.match(/^END:VCARD\r$/gm)?.length],
      [200, 'text/vcard; charset=utf-8', 'attachment; filename="contacts.vcf"', 4],
    )
    const rob = await openWindow(site, 'rob')
    assert.equal((await rob.browser.request('/owa/contacts-file')).body, '')
    assert.deepEqual(await rob.ask('importContacts', { text: file.body }), { taken: 4, refused: 0, why: [] })
    assert.equal((await rob.browser.request('/owa/contacts-file')).body, file.body)

    assert.equal(await mary.refusal('importContacts', { text: 'no card' }), 'InvalidMimeContent')
    assert.equal(await mary.refusal('importContacts', { text: card('FN:x').repeat(1001) }), 'DataSizeLimitExceeded')
    assert.equal(await mary.refusal('importContacts', { text: 'x'.repeat(10_000_001) }), 'SchemaValidation')
  })
}
