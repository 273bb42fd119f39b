import type { Instant, Properties } from '#model'
import type { Mailboxes } from '#mailbox'
import { outsiders } from './mail-scripts.ts'
import type { Residents } from './residents.ts'

type Work = (() => Promise<void>)[]
const day = 86_400_000

/** One row a contact of Mary's and Rob's beyond those they write to. */
// prettier-ignore
const friends = [
  { first: 'Jonas', last: 'Håkansson', company: 'Håkansson Bygg', phone: '+46 40 555 77 01', city: 'Malmö', country: 'Sweden', birthday: '1979-03-14' },
  { first: 'Élodie', last: 'Martin', company: 'Atelier Martin', phone: '+33 4 55 50 12 34', city: 'Lyon', country: 'France', birthday: '1984-11-02' },
  { first: 'Agnieszka', last: 'Kowalska', company: 'Wieża', phone: '+48 12 555 34 56', city: 'Kraków', country: 'Poland', birthday: '1990-02-28' },
  { first: '美咲', last: '佐藤', company: '東京デザイン', phone: '+81 3 5555 0142', city: '東京', country: 'Japan', birthday: '1988-07-07' },
  { first: 'Tiago', last: 'Almeida', company: 'Almeida & Filhos', phone: '+55 11 5555 2020', city: 'São Paulo', country: 'Brazil', birthday: '1972-12-24' },
] as const

export function fillContacts({ mailboxes }: { mailboxes: Mailboxes }, { people }: Residents): Work {
  const work: Work = []
  for (const alias of ['mary', 'rob']) {
    const resident = people.get(alias)
    if (!resident) continue
    const folder = { mailbox: resident.recipient.mailbox, kind: 'contacts' }
    const add = (properties: Properties) =>
      work.push(async () => {
        await mailboxes.createItem(resident.caller, folder, { kind: 'contact', properties })
      })
    for (const { name, address } of Object.values(outsiders)) {
      const [givenName, ...rest] = name.split(' ')
      const surname = rest.join(' ')
      add({
        displayName: name,
        fileAs: surname ? `${surname}, ${givenName}` : name,
        givenName,
        surname,
        emailAddresses: { EmailAddress1: { address, name } },
      })
    }
    for (const one of friends) {
      const displayName = `${one.first} ${one.last}`
      add({
        displayName,
        fileAs: `${one.last}, ${one.first}`,
        givenName: one.first,
        surname: one.last,
        companyName: one.company,
        phoneNumbers: { BusinessPhone: one.phone },
        physicalAddresses: { Business: { city: one.city, countryOrRegion: one.country } },
        birthday: Date.parse(`${one.birthday}T00:00:00Z`),
        emailAddresses: {
          EmailAddress1: {
            address: `contact@${
              one.company
                .normalize('NFKD')
                .replace(/[^A-Za-z]/g, '')
                .toLowerCase() || 'tokyo'
            }.example`,
            name: displayName,
          },
        },
      })
    }
  }
  return work
}

/** Tasks by person, one row each; `due` in days from now. */
// prettier-ignore
const tasks = [
  { who: 'mary', subject: 'Send the corrected offer to Fabrikam', due: 1, importance: 'High', percent: 50 },
  { who: 'mary', subject: 'Review the milestone plan', due: 3, percent: 25 },
  { who: 'mary', subject: 'Hand in travel receipts', due: -2, percent: 100 },
  { who: 'mary', subject: 'Prepare the quarterly figures', due: 12, percent: 0 },
  { who: 'rob', subject: 'Fix “last Friday in a leap year”', due: 2, importance: 'High', percent: 75 },
  { who: 'rob', subject: 'Write down how a release is made', due: 9, percent: 0 },
  { who: 'rob', subject: 'Order the test machines', due: -6, percent: 100 },
  { who: 'ann', subject: 'Renew the fire drill plan', due: 5, percent: 10 },
  { who: 'ann', subject: 'Coffee for Room 1', due: 0, percent: 0 },
]

export function fillTasks({ mailboxes }: { mailboxes: Mailboxes }, { people }: Residents, now: Instant): Work {
  return tasks.map(({ who, subject, due, importance, percent }) => async () => {
    const resident = people.get(who)
    if (!resident) return
    const date = Math.floor(now / day) * day + due * day
    const properties: Properties = {
      subject,
      dueDate: date,
      startDate: date - 7 * day,
      percentComplete: percent,
      ...(importance ? { importance } : {}),
      body: { type: 'Text', value: `${subject}.` },
    }
    await mailboxes.createItem(resident.caller, { mailbox: resident.recipient.mailbox, kind: 'tasks' }, { kind: 'task', properties })
  })
}
