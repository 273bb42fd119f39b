import { systemCaller, type Caller } from '#model'
import { fillFolder, type BenchSite } from './bench-site.ts'
import { rate, type Row } from './table.ts'

const folders = 500
const inEach = 20
const items = folders * inEach
/** Deleted folders that are restored with what was in them. */
const someTrees = 20
/** Items that one write of the baseline moves: as many as one of the recovery does. */
const together = 20

/** 10,000 items that were deleted out of 500 folders brought back to each, beside the store alone moving the same items. */
export async function benchRecovery(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox } = bench
  const owner = await site.directory.find('mary@contoso.com')
  if (!owner) throw new Error('mary is gone')
  const mary = await site.directory.callerFor(owner)
  const made = await fill(bench, mary)
  for (const id of made) await site.mailboxes.emptyFolder(mary, { mailbox, id }, 'SoftDelete', false)

  const began = performance.now()
  let restored = 0
  for await (const page of site.mailboxes.restoreFound(mary, mailbox, { sources: ['RecoverableItems'], subjectContains: 'Bench' })) {
    restored += page.filter(({ outcome }) => !(outcome instanceof Error)).length
  }
  const recovery = restored / ((performance.now() - began) / 1000)
  if (restored < items) throw new Error(`${restored} of ${items} items came back`)
  const plain = await movePlainly(bench, made)

  for (const id of made) await site.mailboxes.deleteFolder(mary, { mailbox, id }, 'SoftDelete')
  const trees = await restoreTrees(bench)
  return [
    {
      what: `Recovering ${items.toLocaleString('en')} items to ${folders} original folders`,
      measured: rate(recovery),
      baseline: `${rate(plain)} moved by the store alone`,
      ratio: recovery / plain,
      note: `with their folders, ${someTrees} trees: ${rate(trees)}`,
    },
  ]
}

async function fill(bench: BenchSite, mary: Caller): Promise<number[]> {
  const { site, mailbox } = bench
  const template = await site.mailboxes.createItem(mary, { mailbox, kind: 'drafts' }, {
    kind: 'message',
    properties: { subject: 'Bench', body: { type: 'Text', value: 'An isthmus joins two lands and parts two seas. '.repeat(40) } },
  }) // prettier-ignore
  const made: number[] = []
  for (let at = 0; at < folders; at++) {
    const { row } = await site.mailboxes.createFolder(mary, { parent: { mailbox, kind: 'msgfolderroot' }, name: `Recovery ${at}` })
    made.push(row.id)
    await fillFolder(bench, row.id, template.ref.id, inEach)
  }
  await site.mailboxes.deleteItem(mary, template.ref, 'HardDelete')
  return made
}

/** Items a second that the store moves from each folder to the next, as many in one write. */
async function movePlainly({ site, mailbox }: BenchSite, made: readonly number[]): Promise<number> {
  const moves: { id: number; to: number }[] = []
  for (const [at, folder] of made.entries()) {
    const order = [{ column: 'id' as const, descending: true }]
    const heads = await site.store.read((tx) => tx.items.heads({ mailbox, folders: [folder], associated: false, order, limit: inEach }))
    for (const { id } of heads) moves.push({ id, to: made[(at + 1) % made.length] ?? folder })
  }
  const began = performance.now()
  for (let at = 0; at < moves.length; at += together) {
    await site.store.write(async (tx) => {
      for (const { id, to } of moves.slice(at, at + together)) await tx.items.move(mailbox, id, to, Date.now())
    })
  }
  return moves.length / ((performance.now() - began) / 1000)
}

/** Items a second that come back with their folders. */
async function restoreTrees({ site, mailbox }: BenchSite): Promise<number> {
  const system = systemCaller(site.organisation.id)
  const trees = (await site.mailboxes.deletedFolders(system, mailbox))
    .filter(({ name }) => name.startsWith('Recovery '))
    .slice(0, someTrees)
  const began = performance.now()
  let back = 0
  for (const { folder } of trees) {
    for await (const step of site.mailboxes.restoreFolder(system, mailbox, folder)) {
      if ('items' in step) for (const count of step.items.values()) back += count
    }
  }
  return back / ((performance.now() - began) / 1000)
}
