/** Searches that copy in the background, step by step, while people go on working: each item once, in bounded steps, in the name of who began it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSearchJob } from '#admin'
import { systemCaller } from '#model'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { idOf, folderXml, itemXml, person, text, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

type Needs = Parameters<typeof mailboxSearchJob>[0]
type Outcome = Awaited<ReturnType<ReturnType<typeof mailboxSearchJob>['run']>>

const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const many = (mary: Person, count: number) =>
  mary.ask(mary.createXml(Array.from({ length: count }, (_, n) => message(`item ${n}`)).join(''), { folder: 'inbox' }))

/** Moves the item of a subject out of the inbox. */
async function moved(mary: Person, subject: string): Promise<void> {
  const item = (await mary.find('inbox', { shape: 'Default' })).find((one) => text(one, 'Subject') === subject)
  await mary.done(
    `<m:MoveItem><m:ToFolderId>${folderXml('drafts')}</m:ToFolderId><m:ItemIds>${itemXml(idOf(item))}</m:ItemIds></m:MoveItem>`,
  )
}

interface Steps {
  /** One step; the state it leaves is kept, as the job clock keeps it. */
  step(more?: Partial<Needs>): Promise<Outcome>
  all(): Promise<void>
}

/** The search that was just started, done step by step, each with thirty items. */
async function stepsOf(site: MailboxSite): Promise<Steps> {
  let [job] = await site.jobs.list(site.organisation.id, 'MailboxSearch')
  const { mailboxes, directory, roles } = site
  const step: Steps['step'] = async (more) => {
    const next = await mailboxSearchJob({ mailboxes, directory, roles, clock: Date.now, perStep: 30, ...more }).run(job!)
    if (next) job = { ...job!, state: JSON.parse(JSON.stringify(next.state)) as Record<string, unknown> }
    return next
  }
  return {
    step,
    async all() {
      while (await step());
    },
  }
}

async function searchSite(engine: (typeof quickEngines)[number]): Promise<MailboxSite & { mary: Person }> {
  const site = await mailboxSite(engine)
  await site.run("New-Mailbox 'Case 7' -Alias case -Discovery")
  await site.run("New-ManagementRoleAssignment -Name Searching -Role 'Mailbox Search' -User boss")
  await site.run('New-MailboxSearch Case9 -SourceMailboxes mary -TargetMailbox case -LogLevel Basic')
  // What is due is done here, step by step.
  await site.jobs.close()
  return Object.assign(site, { mary: person(site) })
}

/** Subjects of all copies, and what the message beside them says. */
async function copiesIn(site: MailboxSite): Promise<{ copies: string[]; told: string }> {
  const mailbox = (await site.directory.find('case@contoso.com'))!.mailbox
  const caller = systemCaller(site.organisation.id)
  const found = await site.mailboxes.everythingFound(caller, { mailbox })
  const items = await site.mailboxes.getItems(caller, found.map(({ ref }) => ref), { shape: 'all' }) // prettier-ignore
  const each = items.map((item) => {
    if (item instanceof Error) throw item
    return { subject: item.head.subject, body: (item.properties.body as { value: string } | undefined)?.value ?? '' }
  })
  const isTold = ({ subject }: { subject: string }) => subject.startsWith('Case9')
  return {
    copies: each
      .filter((one) => !isTold(one))
      .map(({ subject }) => subject)
      .sort(),
    told: each.find(isTold)?.body ?? '',
  }
}
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `item ${n}`).sort()

for (const engine of quickEngines) {
  test(`what moves while it is searched is copied once, whether it was copied before or not (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const { mary } = site
    await many(mary, 70)
    await site.run('Start-MailboxSearch Case9', 'boss')
    const { step, all } = await stepsOf(site)
    for (let n = 0; n < 2; n++) await step()
    // It dies after its first write, of twenty items.
    const died = new Error('the process died')
    const dying = {
      ...site.mailboxes,
      async *copyFound(...args: Parameters<typeof site.mailboxes.copyFound>) {
        for await (const some of site.mailboxes.copyFound(...args)) {
          yield some
          throw died
        }
      },
    }
    await assert.rejects(step({ mailboxes: dying }), (error) => error === died)
    assert.equal((await copiesIn(site)).copies.length, 20)
    for (const subject of ['item 3', 'item 65']) await moved(mary, subject)
    await mary.create(message('came later'), { folder: 'inbox' })
    await step()
    await moved(mary, 'item 4')
    await moved(mary, 'item 68')
    await mary.remove(itemXml(idOf((await mary.find('inbox', { shape: 'Default' })).find((one) => text(one, 'Subject') === 'item 69'))), 'SoftDelete') // prettier-ignore
    await all()
    const { copies, told } = await copiesIn(site)
    assert.deepEqual(copies, numbered(70))
    assert.match(told, /70 items were found[\s\S]*70 were copied\.\r\n/)
    const found = await site.one('Get-MailboxSearch Case9')
    assert.deepEqual([found.Status, found.ResultNumber], ['Succeeded', 70])
  })

  test(`what is gone before it is copied is told of (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const { mary } = site
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await many(mary, 40)
    await site.run('Start-MailboxSearch Case9', 'boss')
    const { step, all } = await stepsOf(site)
    for (let n = 0; n < 3; n++) await step()
    await mary.remove(itemXml(idOf((await mary.find('inbox', { shape: 'Default' })).find((one) => text(one, 'Subject') === 'item 39'))), 'HardDelete') // prettier-ignore
    await all()
    const { copies, told } = await copiesIn(site)
    assert.deepEqual(copies, numbered(39))
    assert.match(told, /40 items were found[\s\S]*39 were copied; 1 went meanwhile/)
  })

  test(`nobody keeps a search from its end by moving things (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const { mary } = site
    await many(mary, 20)
    await site.run('Start-MailboxSearch Case9', 'boss')
    const { step } = await stepsOf(site)
    let steps = 0
    while (await step()) {
      assert.ok(++steps < 18, 'it goes on and on')
      await moved(mary, `item ${steps}`)
    }
    assert.deepEqual((await copiesIn(site)).copies, numbered(20))
  })

  test(`the work of a search grows with what it finds, not with its square (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const { mary } = site
    const count = 120
    await many(mary, count)
    await site.run('Start-MailboxSearch Case9', 'boss')
    let looked = 0
    const mailboxes: Needs['mailboxes'] = {
      ...site.mailboxes,
      async everythingFound(...args) {
        const found = await site.mailboxes.everythingFound(...args)
        looked += found.length
        return found
      },
    }
    const { step } = await stepsOf(site)
    let steps = 0
    while (await step({ mailboxes, perStep: 10 })) steps++
    assert.ok(steps > count / 10)
    assert.deepEqual((await copiesIn(site)).copies, numbered(count))
    assert.equal(looked, 2 * count, 'once to count, once to copy')
  })

  test(`a search runs with its job or not at all (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const caller = systemCaller(site.organisation.id)
    const died = new Error('the process died')
    const broken = site.mailboxes.changeMailboxHold(
      caller,
      'Case9',
      (before) => ({ ...before!, run: { id: 'r', status: 'InProgress', by: 'boss', started: 0, items: 0, size: 0 } }),
      () => {
        throw died
      },
    )
    await assert.rejects(broken, (error) => error === died)
    assert.equal((await site.one('Get-MailboxSearch Case9')).Status, 'NotStarted')
    await site.run('Start-MailboxSearch Case9', 'boss')
    assert.equal((await site.jobs.list(site.organisation.id, 'MailboxSearch')).length, 1)
    assert.equal((await site.one('Get-MailboxSearch Case9')).Status, 'InProgress')
  })

  test(`a search is its beginner's: the audit log says so, and it ends when they may no more (Start-MailboxSearch, ${engine.name})`, async () => {
    await using site = await searchSite(engine)
    const { mary } = site
    await site.run('Set-Mailbox mary -AuditAdmin Copy,FolderBind')
    await many(mary, 40)
    const entries = async () =>
      (await site.run('Search-MailboxAuditLog mary -ShowDetails')).map(({ Operation, LogonUserDisplayName, LogonType }) => [Operation, LogonUserDisplayName, LogonType].join()) // prettier-ignore
    await site.run('Start-MailboxSearch Case9', 'boss')
    const first = await stepsOf(site)
    for (let n = 0; n < 3; n++) await first.step()
    const written = await entries()
    assert.equal(written.filter((one) => one === 'Copy,Boss Baker,Admin').length, 30)
    assert.ok(written.includes('FolderBind,Boss Baker,Admin'))
    await site.run('Remove-ManagementRoleAssignment Searching')
    await first.all()
    const found = await site.one('Get-MailboxSearch Case9')
    assert.equal(found.Status, 'Failed')
    assert.match(String(found.Errors), /boss@contoso\.com.*may not search/)
    assert.equal((await copiesIn(site)).copies.length, 30)
  })
}
