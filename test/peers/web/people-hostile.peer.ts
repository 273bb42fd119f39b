import assert from 'node:assert/strict'
import test from 'node:test'
import { formatVCard } from '#wire'
import { picture, startWeb } from './client.ts'
import { bodies, watched, words } from './hostile-texts.ts'

const texts = [...words, ...bodies].map((text) => text.replaceAll('\u0000', '').replace(/ {9,}/, ' '))
/** Lines of a card; each is given another text. */
const lines = ['FN', 'TITLE', 'ORG', 'EMAIL', 'TEL', 'URL', 'ADR', 'NOTE', 'X-MS-FILEAS', 'CATEGORIES']
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>top.pwned=1</script></svg>'

/** Cards that carry every text, as many in each as it has lines. */
const cards = Array.from({ length: Math.ceil(texts.length / lines.length) }, (_, at) =>
  formatVCard([
    { name: 'N', fields: [`Stranger ${at}`] },
    ...lines.map((name, line) => ({ name, fields: [texts[(at * lines.length + line) % texts.length]!] })),
  ]),
)

test(
  'people, tasks and notes: nothing runs that a stranger wrote in a card, a contact, a list, a task, a note, a rule or a folder',
  { timeout: 190_000 },
  async () => {
    await using web = await startWeb()
    const { site } = web
    const { mailbox } = site.people.mary!
    const mary = await site.caller('mary')
    for (const [at, text] of texts.entries()) {
      const subject = text.slice(0, 255)
      const member = { mailbox: { name: text, address: `${at}@elsewhere.example`, routingType: 'SMTP' as const } }
      if (at < words.length) {
        const properties = { displayName: text, members: [member] }
        await site.mailboxes.createItem(mary, { mailbox, kind: 'contacts' }, { kind: 'list', properties })
        await site.mailboxes.createFolder(mary, { parent: { mailbox, kind: 'inbox' }, name: text })
      }
      const body = { type: 'HTML' as const, value: text }
      await site.mailboxes.createItem(mary, { mailbox, kind: 'tasks' }, { kind: 'task', properties: { subject, body } })
      await site.mailboxes.createItem(mary, { mailbox, kind: 'notes' }, { kind: 'message', properties: { itemClass: 'IPM.StickyNote', subject, body: { type: 'Text', value: text } } }) // prettier-ignore
    }
    const photo = { kind: 'file' as const, name: 'p.svg', contentType: 'image/png', photo: true, content: Buffer.from(svg) }
    await site.mailboxes.createItem(mary, { mailbox, kind: 'contacts' }, { kind: 'contact', properties: { displayName: 'Faceless' }, attachments: [photo] }) // prettier-ignore
    await site.mailboxes.setPhoto(await site.caller('rob'), 'rob@contoso.com', 'R0lGODlhAQABAAAAACw=')
    const rule = { name: words[0]!, priority: 1, enabled: true, conditions: {}, exceptions: {}, actions: { AssignCategories: [words[1]!] } }
    assert.deepEqual(await site.mailboxes.changeInboxRules(mary, mailbox, [{ op: 'create', rule }]), [])

    const { page, complaints } = await web.signIn('mary', '/owa/people/contacts/file')
    page.setDefaultTimeout(15_000)
    const elsewhere = await watched({ page, complaints })
    await page
      .getByLabel('File of vCards')
      .setInputFiles({ name: 'cards.vcf', mimeType: 'text/vcard', buffer: Buffer.from(cards.join('')) })
    await page.getByText(`Taken: ${cards.length}. Not taken: 0.`).waitFor()
    await picture(page, 'people-import')
    const people = page.getByRole('list', { name: 'Your contacts' }).getByRole('link')
    await people.nth(cards.length + words.length).waitFor()
    for (const link of await people.all()) {
      await link.click()
      const name = page.getByRole('article').getByRole('heading', { level: 2 })
      await name.waitFor()
      assert.equal(await name.locator('*').count(), 0, 'a name is text')
    }
    for (const text of words) await page.getByRole('link', { name: text }).first().waitFor()

    await page.getByRole('link', { name: 'Tasks' }).click()
    await page.getByRole('button', { name: texts.at(-1)!.slice(0, 255).trim() }).waitFor()
    for (const text of words) {
      await page.getByRole('button', { name: text, exact: true }).click()
      await page.getByRole('dialog').getByLabel('Subject').waitFor()
      assert.equal(await page.getByRole('dialog').getByLabel('Subject').inputValue(), text)
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.getByRole('link', { name: 'Notes' }).click()
    for (const text of words) {
      await page.getByRole('list', { name: 'Notes' }).getByRole('button', { name: text }).first().click()
      assert.equal(await page.getByLabel('Text of the note').inputValue(), text)
      await page.getByRole('button', { name: 'Cancel' }).click()
    }
    await page.goto(`${site.url}/owa/options/rules`)
    await page.getByRole('switch', { name: words[0]! }).waitFor()

    assert.equal(new URL(page.url()).hostname, 'localhost')
    assert.deepEqual(elsewhere, [])
    // A photo that is none is not there; the browser says so of whoever has it.
    const others = complaints.filter((text) => !/404/.test(text))
    assert.deepEqual(others, [])
  },
)
