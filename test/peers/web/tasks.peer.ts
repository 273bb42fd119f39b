import assert from 'node:assert/strict'
import test from 'node:test'
import { accessible, picture, startWeb } from './client.ts'
import { looks } from './looks.ts'

/** What the pages are called where they are not English. */
const titles = {
  'de-DE': { people: 'Personen', tasks: 'Aufgaben', notes: 'Notizen', options: 'Optionen', recover: 'Gelöschte Elemente wiederherstellen' },
  'fr-FR': { people: 'Contacts', tasks: 'Tâches', notes: 'Notes', options: 'Options', recover: 'Récupérer les éléments supprimés' },
}
/** The name of a text stands where it has none. */
const missing = /\b(app|people|tasks|notes|options|settings|recover)\.[a-zA-Z]+\b/

test(
  'tasks and notes: made, changed, done, repeated, deleted; in German and French no text is missing, nor is it in people, options and recovery',
  { timeout: 180_000 },
  async () => {
    await using web = await startWeb()
    const { page, complaints } = await web.signIn('mary', '/owa/tasks')
    page.setDefaultTimeout(15_000)
    await page.getByLabel('New task').fill('Water the plants')
    await page.getByRole('button', { name: 'Add a task' }).click()
    await page.getByRole('list', { name: 'To do' }).getByRole('button', { name: 'Water the plants' }).click()
    await page.getByLabel('Due').fill('2027-01-04')
    await page.getByLabel('Repeats').selectOption('Every week')
    await page.getByRole('textbox', { name: 'Notes' }).fill('The ferns, too.')
    await picture(page, 'task-form')
    await accessible(page)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Due: 2027-01-04').waitFor()
    await page.getByLabel('New task').fill('Once only')
    await page.getByRole('button', { name: 'Add a task' }).click()
    await page.getByRole('button', { name: 'Once only' }).waitFor()
    // What repeats stands there for the next week, and what was done is among what is done.
    await page.getByRole('checkbox', { name: 'Done: Water the plants' }).click()
    await page.getByText('Due: 2027-01-11').waitFor()
    await page.getByRole('checkbox', { name: 'Done: Once only' }).click()
    await page.getByRole('list', { name: 'Completed' }).getByRole('button', { name: 'Once only' }).waitFor()
    await picture(page, 'tasks')
    await accessible(page)
    await looks(page, 'tasks')
    // A task that repeats no more stands there once.
    const toDo = page.getByRole('list', { name: 'To do' })
    await toDo.getByRole('button', { name: 'Water the plants' }).click()
    await page.getByRole('dialog').getByLabel('Repeats').selectOption('Does not repeat')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await toDo.getByRole('checkbox', { name: 'Done: Water the plants' }).click()
    await page.getByText('There is nothing to do.').waitFor()
    await page.getByRole('button', { name: 'Once only' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Once only' }).waitFor({ state: 'detached' })

    await page.getByRole('link', { name: 'Notes' }).click()
    await page.getByText('You have no notes.').waitFor()
    await page.getByRole('button', { name: 'New note' }).click()
    await page.getByLabel('Text of the note').fill('Shopping\n<script>alert(1)</script>, bread')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: /^Shopping/ }).click()
    await page.getByLabel('Text of the note').fill('Shopping list\nbread')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: /^Shopping list/ }).waitFor()
    await picture(page, 'notes')
    await accessible(page)
    await looks(page, 'notes')
    await page.getByRole('button', { name: /^Shopping list/ }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('You have no notes.').waitFor()
    assert.deepEqual(complaints, [])

    for (const [locale, headings] of Object.entries(titles)) {
      const window = await web.signIn('rob', '/owa/people', { locale })
      for (const [path, heading] of Object.entries(headings)) {
        await window.page.goto(`${web.site.url}/owa/${path}`)
        await window.page.getByRole('heading', { level: 1, name: heading }).waitFor({ state: 'attached' })
        await window.page.getByRole('progressbar').waitFor({ state: 'detached' })
        assert.doesNotMatch(await window.page.locator('body').innerText(), missing, `${locale} ${path}`)
        await picture(window.page, `${path}-${locale.slice(0, 2)}`)
        await accessible(window.page)
      }
      assert.deepEqual(window.complaints, [])
    }
  },
)
