/** What the steps with Evolution share. The other side of each step is seen by EWS. */
import { idOf, text, type Person } from '../../requirements/person.ts'
import { until } from '../../clients/until.ts'
import type { TestSite } from '../../support/site.ts'
import type { Desk } from '../evolution-desk.ts'

/** Set before the first step. Evolution is at Mary's desk. */
export interface World {
  site: TestSite
  desk: Desk
  mary: Person
  rob: Person
  /** One workflow, a line of the test's output. */
  step(name: string, run: () => Promise<void>): Promise<void>
}

/** A message as a client would write it. */
export const message = (subject: string, headers: string[], body: string): string =>
  [
    'From: Mary Jensen <mary@contoso.com>',
    'To: Rob Young <rob@contoso.com>',
    `Subject: ${subject}`,
    `Message-ID: <${subject.toLowerCase().replaceAll(' ', '-')}@desk.example>`,
    'Date: Mon, 02 Mar 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    ...headers,
    '',
    body,
  ].join('\r\n')
/** The same in plain text. */
export const textMessage = (subject: string): string =>
  message(subject, ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit'], 'Grüße vom Kanal\r\n')
/** The subjects in a folder of a person. */
export const subjects = async (who: Person, folder: Parameters<Person['find']>[0]): Promise<string[]> =>
  (await who.find(folder, { fields: ['item:Subject'] })).map((item) => text(item, 'Subject') ?? '')
/** The item with a subject, with all its properties. */
export const itemCalled = (who: Person, folder: Parameters<Person['find']>[0], subject: string, fields: string[] = []) =>
  until(`${subject} in ${typeof folder === 'string' ? folder : 'the folder'}`, async () => {
    const found = (await who.find(folder, { fields: ['item:Subject'] })).find((item) => text(item, 'Subject') === subject)
    return found && (await who.get(idOf(found), { fields }))
  })
