/** From when what lies in a mailbox ages ("How retention age is calculated in Exchange Server"): its table, row by row, as it is shown and as it is acted on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FolderRef, ItemRef, NewItemInput } from '#mailbox'
import { Refusal, type Caller, type Properties } from '#model'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const hour = 3_600_000
const start = Date.UTC(2030, 0, 7, 9)
const midnight = Date.UTC(2030, 0, 7)
const today = '2030-01-07'

/** Where a row lies: a default folder, a folder of that class, Deleted Items, or a calendar that was deleted as a whole. */
type Where = 'inbox' | 'calendar' | 'tasks' | 'notes' | 'IPF.Contact' | 'deleteditems' | 'deleted calendar'

const timed = (days: number, more: Properties = {}): NewItemInput => ({ kind: 'calendar', properties: { start: start + days * day, end: start + days * day + hour, ...more } }) // prettier-ignore
const daily = (range: object) => ({ pattern: { type: 'Daily', interval: 1 }, range: { start: today, ...range } }) as Properties[string]
const endless = daily({ type: 'NoEnd' })
const thrice = daily({ type: 'Numbered', count: 3 })
const regenerating = { pattern: { type: 'DailyRegeneration', interval: 1 }, range: { type: 'Numbered', start: today, count: 3 } } as Properties[string] // prettier-ignore
const task = (more: Properties): NewItemInput => ({ kind: 'task', properties: more })
const mail: NewItemInput = { kind: 'message', properties: {}, mime: Buffer.from('From: bob@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: x\r\n\r\nHello.\r\n') } // prettier-ignore
const contact: NewItemInput = { kind: 'contact', properties: { displayName: 'Somebody' } }
const list: NewItemInput = { kind: 'list', properties: { displayName: 'Some people' } }

/** From when it ages; undefined = never. Everything came at `start`. */
const rows: Readonly<Record<string, [Where, NewItemInput, number | undefined]>> = {
  'mail, from its delivery': ['inbox', mail, start],
  'a draft, from when it was made': ['inbox', { kind: 'message', properties: {} }, start],
  'a note': ['notes', { kind: 'message', properties: { itemClass: 'IPM.StickyNote' } }, start],
  'mail in a calendar': ['calendar', mail, start],
  'an appointment, from its end': ['calendar', timed(0), start + hour],
  'an appointment to come': ['calendar', timed(5), start + 5 * day + hour],
  'a series, from the end of its last': ['calendar', timed(0, { recurrence: thrice }), start + 2 * day + hour],
  'a series that does not end': ['calendar', timed(0, { recurrence: endless }), undefined],
  'a task, from when it came': ['tasks', task({ dueDate: midnight + 6 * day }), start],
  'a recurring task, from its last date': ['tasks', task({ taskRecurrence: thrice }), midnight + 2 * day],
  'a recurring task until a day': ['tasks', task({ taskRecurrence: daily({ type: 'EndDate', end: '2030-01-11' }) }), midnight + 4 * day],
  'a recurring task that does not end': ['tasks', task({ taskRecurrence: endless }), undefined],
  'a regenerating task': ['tasks', task({ taskRecurrence: regenerating }), undefined],
  'a contact': ['IPF.Contact', contact, undefined],
  'a list of contacts': ['IPF.Contact', list, undefined],
  'deleted mail': ['deleteditems', mail, start],
  'a deleted appointment to come': ['deleteditems', timed(30), start],
  'a deleted series that does not end': ['deleteditems', timed(0, { recurrence: endless }), start],
  'a deleted regenerating task': ['deleteditems', task({ taskRecurrence: regenerating }), start],
  'a deleted contact': ['deleteditems', contact, undefined],
  'an appointment to come of a calendar that was deleted': ['deleted calendar', timed(30), start],
}

interface Desk {
  site: MailboxSite
  mailbox: string
  mary: Caller
  time: { now: number }
}

async function desk(engine: (typeof quickEngines)[number]): Promise<Desk & AsyncDisposable> {
  const time = { now: start }
  const site = await mailboxSite(engine, { outside: { clock: () => time.now } })
  const mary = await site.caller('mary')
  return { site, mary, mailbox: site.people.mary!.mailbox, time, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() }
}

async function put({ site: { mailboxes }, mary, mailbox }: Desk, where: Where, name: string, input: NewItemInput): Promise<ItemRef> {
  const named = { ...input, properties: { subject: name, ...input.properties } }
  const home: Partial<Record<string, string>> = { calendar: 'calendar', task: 'tasks', contact: 'contacts', list: 'contacts' }
  const folder = async (kind: string, folderClass: string): Promise<FolderRef> => {
    const { row } = await mailboxes.createFolder(mary, { parent: { mailbox, kind }, name, folderClass })
    return { mailbox, id: row.id }
  }
  const ends: Partial<Record<Where, () => Promise<FolderRef>>> = {
    'IPF.Contact': () => folder('msgfolderroot', 'IPF.Contact'),
    'deleted calendar': () => folder('deleteditems', 'IPF.Appointment'),
  }
  const to = (await ends[where]?.()) ?? { mailbox, kind: where }
  const first: FolderRef = { mailbox, kind: home[input.kind] ?? 'inbox' }
  const { ref } = await mailboxes.createItem(mary, first, named)
  return 'kind' in to && to.kind === first.kind ? ref : (await mailboxes.moveItem(mary, ref, to)).ref
}

async function dueOf({ site, mary }: Desk, ref: ItemRef): Promise<unknown> {
  const [item] = await site.mailboxes.getItems(mary, [ref], { shape: 'ids', paths: [{ property: 'retentionDate' }] })
  if (!item || item instanceof Refusal) return 'gone'
  return item.properties.retentionDate
}

async function assist({ site }: Desk): Promise<void> {
  await site.run('Start-ManagedFolderAssistant mary')
  await site.jobs.runDue()
}

for (const engine of quickEngines) {
  test(`each kind of item ages from its own day, here and in Deleted Items, and goes then (source R2, ${engine.name})`, async () => {
    await using at = await desk(engine)
    const { site, time } = at
    const age = 10 * day
    await site.run('New-RetentionPolicyTag Ten -Type All -AgeLimitForRetention 10 -RetentionAction DeleteAndAllowRecovery')
    await site.run('New-RetentionPolicy Ten -RetentionPolicyTagLinks Ten')
    await site.run('Set-Mailbox mary -RetentionPolicy Ten')
    const made = new Map<string, ItemRef>()
    for (const [name, [where, input]] of Object.entries(rows)) made.set(name, await put(at, where, name, input))
    for (const [name, [, , from]] of Object.entries(rows)) {
      assert.equal(await dueOf(at, made.get(name)!), from === undefined ? undefined : from + age, name)
    }
    const moments = [...new Set(Object.values(rows).flatMap(([, , from]) => (from === undefined ? [] : [from + age])))].sort((a, b) => a - b) // prettier-ignore
    for (const moment of [...moments.flatMap((one) => [one - 1, one]), start + 4000 * day]) {
      time.now = Math.max(time.now, moment)
      await assist(at)
      for (const [name, [, , from]] of Object.entries(rows)) {
        // What lies where dates say less than its own ages no earlier than it came.
        const isDue = from !== undefined && Math.max(from, start) + age <= time.now
        assert.equal((await dueOf(at, made.get(name)!)) === 'gone', isDue, `${name} after ${(time.now - start) / day} days`)
      }
    }
  })

  test(`a tag that is off keeps what it is for from the tag of everything, and from nothing else (source R2, ${engine.name})`, async () => {
    await using at = await desk(engine)
    const { site, mary, mailbox, time } = at
    await site.run('New-RetentionPolicyTag Ten -Type All -AgeLimitForRetention 10 -RetentionAction DeleteAndAllowRecovery')
    await site.run('New-RetentionPolicyTag Notes -Type Notes -RetentionEnabled $false -RetentionAction DeleteAndAllowRecovery')
    await site.run("New-RetentionPolicyTag Voice -Type All -MessageClass 'IPM.Note.Microsoft.Voicemail*' -RetentionEnabled $false -RetentionAction DeleteAndAllowRecovery") // prettier-ignore
    await site.run('New-RetentionPolicy Ten -RetentionPolicyTagLinks Ten,Notes,Voice')
    await site.run('Set-Mailbox mary -RetentionPolicy Ten')
    const voice: NewItemInput = { kind: 'message', properties: { itemClass: 'IPM.Note.Microsoft.Voicemail.UM' } }
    const note = await put(at, 'notes', 'note', { kind: 'message', properties: { itemClass: 'IPM.StickyNote' } })
    const below = await site.mailboxes.createFolder(mary, { parent: { mailbox, kind: 'notes' }, name: 'Below' })
    const { ref: deeper } = await site.mailboxes.createItem(mary, { mailbox, id: below.row.id }, { kind: 'message', properties: {} })
    const made = [await put(at, 'inbox', 'mail', mail), await put(at, 'inbox', 'voice', voice), note, deeper]
    const seen = async () => {
      const dues: unknown[] = []
      for (const ref of made) dues.push(await dueOf(at, ref))
      return dues
    }
    assert.deepEqual(await seen(), [start + 10 * day, undefined, undefined, undefined])
    // Out of there it ages in Deleted Items from when it came there.
    const other = await put(at, 'notes', 'other', { kind: 'message', properties: {} })
    time.now += 3 * day
    const { ref: deleted } = await site.mailboxes.moveItem(mary, other, { mailbox, kind: 'deleteditems' })
    assert.equal(await dueOf(at, deleted), start + 13 * day)
    time.now = start + 20 * day
    await assist(at)
    assert.deepEqual(await seen(), ['gone', undefined, undefined, undefined])
    await site.run('Set-RetentionPolicyTag Notes -RetentionEnabled $true -AgeLimitForRetention 15')
    await assist(at)
    assert.deepEqual(await seen(), ['gone', undefined, 'gone', 'gone'])
  })

  test(`an item that is corrupted stays, and hinders none of the others (source R2, ${engine.name})`, async () => {
    await using at = await desk(engine)
    const { site, mary, mailbox, time } = at
    await site.run('New-RetentionPolicyTag Ten -Type All -AgeLimitForRetention 10 -RetentionAction DeleteAndAllowRecovery')
    await site.run('New-RetentionPolicy Ten -RetentionPolicyTagLinks Ten')
    await site.run('Set-Mailbox mary -RetentionPolicy Ten')
    const tasks = { mailbox, kind: 'tasks' }
    const items: ItemRef[] = []
    for (const subject of ['before', 'corrupted', 'after'])
      items.push((await site.mailboxes.createItem(mary, tasks, task({ subject }))).ref)
    await site.store.write(async (tx) => {
      const row = (await tx.items.get(mailbox, items[1]!.id))!
      await tx.items.update(mailbox, row.id, { properties: { ...row.properties, taskRecurrence: { pattern: {} } } })
    })
    time.now += 11 * day
    await assist(at)
    const left = await site.store.read((tx) => tx.items.getMany(mailbox, items.map(({ id }) => id))) // prettier-ignore
    assert.deepEqual(left.map(({ subject }) => subject), ['corrupted']) // prettier-ignore
    assert.deepEqual(await site.jobs.list(site.organisation.id, 'ManagedFolderAssistant'), [], 'the round is over')
  })

  test(`what is deleted from where nothing was to be deleted ages from then, if it is mail (source R2, ${engine.name})`, async () => {
    await using at = await desk(engine)
    const { site, mary, mailbox, time } = at
    await site.run('New-RetentionPolicyTag Bin -Type DeletedItems -AgeLimitForRetention 5 -RetentionAction DeleteAndAllowRecovery')
    await site.run('New-RetentionPolicy Bin -RetentionPolicyTagLinks Bin')
    await site.run('Set-Mailbox mary -RetentionPolicy Bin')
    const inputs: [string, NewItemInput][] = [['inbox', mail], ['calendar', timed(30)], ['tasks', task({ taskRecurrence: endless })], ['contacts', contact]] // prettier-ignore
    const refs: ItemRef[] = []
    for (const [kind, input] of inputs) refs.push((await site.mailboxes.createItem(mary, { mailbox, kind }, input)).ref)
    time.now += 3 * day
    const moved: ItemRef[] = []
    for (const ref of refs) moved.push((await site.mailboxes.moveItem(mary, ref, { mailbox, kind: 'deleteditems' })).ref)
    const dues: unknown[] = []
    for (const ref of moved) dues.push(await dueOf(at, ref))
    assert.deepEqual(dues, [start + 8 * day, start + 5 * day, start + 5 * day, undefined])
    time.now = start + 5 * day
    await assist(at)
    const left: unknown[] = []
    for (const ref of moved) left.push((await dueOf(at, ref)) !== 'gone')
    assert.deepEqual(left, [true, false, false, true])
    time.now = start + 8 * day
    await assist(at)
    assert.equal(await dueOf(at, moved[0]!), 'gone')
  })
}
