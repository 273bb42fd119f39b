/** "Announcing Original Folder Item Recovery", sentence by sentence, as people see it in the browser. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Page } from 'playwright-core'
import type { ItemKind } from '#model'
import { accessible, picture, startWeb } from './client.ts'

type Web = Awaited<ReturnType<typeof startWeb>>

/** What the other parts of the client do, done by the verbs: folders made, items put there and deleted. */
async function desk({ site }: Web) {
  const caller = await site.caller('mary')
  const { mailbox } = site.people.mary!
  const folder = async (name: string, parent: { mailbox: string; id: number } | { mailbox: string; kind: string } = { mailbox, kind: 'msgfolderroot' }) => {
    const made = await site.mailboxes.createFolder(caller, { parent, name, folderClass: 'IPF.Note' })
    return { mailbox, id: made.row.id }
  } // prettier-ignore
  return {
    ...{ caller, mailbox, folder },
    create: async (to: { mailbox: string; id: number } | string, subject: string, kind: ItemKind = 'message') =>
      (await site.mailboxes.createItem(caller, typeof to === 'string' ? { mailbox, kind: to } : to, { kind, properties: { subject } })).ref,
    rename: (id: { mailbox: string; id: number }, name: string) =>
      site.mailboxes.updateFolder(caller, id, [{ op: 'set', path: { property: 'folderDisplayName' }, value: name }]),
    remove: (ref: { mailbox: string; id: number }, type: 'SoftDelete' | 'MoveToDeletedItems') =>
      site.mailboxes.deleteItem(caller, ref, type),
    removeFolder: (ref: { mailbox: string; id: number }) => site.mailboxes.deleteFolder(caller, ref, 'SoftDelete'),
    empty: () => site.mailboxes.emptyFolder(caller, { mailbox, kind: 'deleteditems' }, 'SoftDelete', true),
    async subjectsIn(to: { mailbox: string; id: number } | string) {
      const { items } = await site.mailboxes.findItems(caller, {
        folders: [typeof to === 'string' ? { mailbox, kind: to } : to],
        traversal: 'Shallow',
        view: { kind: 'indexed', offset: 0, limit: 50, from: 'Beginning' },
        wanted: { shape: 'ids', paths: [{ property: 'subject' }] },
      })
      return items.map(({ properties }) => String(properties.subject)).toSorted()
    },
  }
}

const restore = async (page: Page, ...subjects: string[]) => {
  for (const subject of subjects) await page.getByRole('checkbox', { name: `Select ${subject}` }).check()
  await page.getByRole('button', { name: 'Restore', exact: true }).click()
}

test(
  'source R2: deleted items go back to the folder that they were in, renamed or not, else to the default folder of their type',
  { timeout: 180_000 },
  async () => {
    await using web = await startWeb()
    const mary = await desk(web)
    const projects = await mary.folder('Projects')
    const passing = await mary.folder('Passing')
    // "A soft-delete operation where the item is deleted from an Inbox folder and moved to the Deleted Items folder."
    await mary.remove(await mary.create(projects, 'Soft one'), 'MoveToDeletedItems')
    // "The Deleted Items folder can be emptied … it is placed in the Recoverable Items\Deletions folder."
    await mary.empty()
    // "A hard-delete operation … moved to the Recoverable Items\Deletions folder, bypassing the Deleted Items folder entirely."
    await mary.remove(await mary.create(projects, 'Hard one'), 'SoftDelete')
    await mary.remove(await mary.create(passing, 'Homeless message'), 'SoftDelete')
    await mary.remove(await mary.create('tasks', 'A task', 'task'), 'SoftDelete')
    await mary.remove(await mary.create('contacts', 'A contact', 'contact'), 'SoftDelete')
    await mary.remove(await mary.create('inbox', '<img src=x onerror=alert(1)>'), 'SoftDelete')

    // "A user can recover items stored in the Recoverable Items\Deletions folder via recovery options in … Outlook on the web."
    const { page, complaints } = await web.signIn('mary')
    await page.getByRole('treeitem', { name: /Deleted Items/ }).click()
    await page.getByRole('link', { name: 'Recover items deleted from this folder' }).click()
    await page.getByRole('heading', { level: 1, name: 'Recover deleted items' }).waitFor()
    const rowOf = (subject: string) => page.getByRole('row', { name: new RegExp(subject) })
    await rowOf('Soft one').getByText('Projects').waitFor()
    await page.getByText('<img src=x onerror=alert(1)>').waitFor()
    await picture(page, 'recover')
    await accessible(page)
    await restore(page, 'Soft one')
    await page.getByText('Soft one → Projects, its original folder').waitFor()
    await rowOf('Soft one').waitFor({ state: 'detached' })
    assert.deepEqual(await mary.subjectsIn(projects), ['Soft one'])

    // "By using the folder ID, it does not matter if the folder is moved in the mailbox's hierarchy or renamed."
    await mary.rename(projects, 'Undertakings')
    // "Once a folder is deleted, recovery will be to the folder type origin for that item": Inbox, Tasks, Contacts.
    await mary.removeFolder(passing)
    await page.reload()
    await rowOf('Homeless message').getByText('Passing (gone)').waitFor()
    await rowOf('Hard one').getByText('Undertakings').waitFor()
    await restore(page, 'Hard one', 'Homeless message', 'A task', 'A contact')
    await page.getByText('Hard one → Undertakings, its original folder').waitFor()
    await page.getByText('Homeless message → Inbox, because its original folder is gone').waitFor()
    await page.getByText('A task → Tasks, its original folder').waitFor()
    await picture(page, 'recover-results')
    await accessible(page)
    assert.deepEqual(await mary.subjectsIn(projects), ['Hard one', 'Soft one'])
    assert.deepEqual(await mary.subjectsIn('inbox'), ['Homeless message'])
    assert.deepEqual(await mary.subjectsIn('tasks'), ['A task'])
    assert.deepEqual(await mary.subjectsIn('contacts'), ['A contact'])
    assert.deepEqual(complaints, [])
  },
)

test(
  'recovery: what was deleted is filtered and purged, and a folder tree comes back with what was in it; on a phone, dark, right to left',
  { timeout: 180_000 },
  async () => {
    await using web = await startWeb()
    const mary = await desk(web)
    const journeys = await mary.folder('Journeys')
    const north = await mary.folder('North', journeys)
    await mary.create(north, 'Spitsbergen')
    await mary.removeFolder(journeys)
    await mary.remove(await mary.create('inbox', 'Rubbish'), 'SoftDelete')
    await mary.remove(await mary.create('inbox', 'Treasure'), 'SoftDelete')
    await mary.remove(await mary.create('tasks', 'Old task', 'task'), 'SoftDelete')

    const { page, complaints } = await web.signIn('mary', '/owa/recover')
    const rows = page.getByRole('table').getByRole('checkbox', { name: /^Select (?!all)/ })
    await page.getByRole('checkbox', { name: 'Select Rubbish' }).waitFor()
    assert.equal(await rows.count(), 4)
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('Tasks')
    await page.getByRole('checkbox', { name: 'Select Rubbish' }).waitFor({ state: 'detached' })
    assert.equal(await rows.count(), 1)
    await page.getByRole('combobox', { name: 'Kind' }).selectOption('All')
    await page.getByRole('searchbox', { name: 'Search by subject or sender' }).fill('rubb')
    await page.getByRole('checkbox', { name: 'Select Treasure' }).waitFor({ state: 'detached' })
    await page.getByRole('checkbox', { name: 'Select Rubbish' }).check()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('1 item was deleted for good.').waitFor()
    await page.getByText('There is nothing to recover.').waitFor()
    await page.getByRole('searchbox', { name: 'Search by subject or sender' }).fill('')
    await page.getByRole('checkbox', { name: 'Select Treasure' }).waitFor()
    await page.getByLabel('Deleted until').fill('2020-01-01')
    await page.getByText('There is nothing to recover.').waitFor()

    await page.getByRole('tab', { name: 'Folders' }).click()
    await page.getByText('2 folders, 1 item').waitFor()
    await picture(page, 'recover-folders')
    await accessible(page)
    await page.getByRole('button', { name: 'Restore Journeys' }).click()
    await page.getByText('Journeys: 1 item is back').waitFor()
    assert.deepEqual(await mary.subjectsIn({ mailbox: mary.mailbox, id: (await folderAt(web, ['Journeys', 'North'])).id }), ['Spitsbergen'])
    assert.deepEqual(complaints, [])

    const phone = await web.signIn('mary', '/owa/recover', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' })
    await phone.page.goto(`${web.site.url}/owa/recover?dir=rtl`)
    await phone.page.getByRole('checkbox', { name: 'Select Treasure' }).waitFor()
    await picture(phone.page, 'recover-phone-dark')
    await accessible(phone.page)
    assert.deepEqual(phone.complaints, [])
  },
)

async function folderAt({ site }: Web, path: string[]) {
  const { row } = await site.mailboxes.folderAt(await site.caller('mary'), site.people.mary!.mailbox, path)
  return row
}
