import { randomBytes } from 'node:crypto'
import { createAssistant } from '#mailbox'
import { systemCaller } from '#model'
import { fillFolder, type BenchSite } from './bench-site.ts'
import { rate, type Row } from './table.ts'

/** Items of the mailbox: BENCH_ASSISTANT, or a million, of which one in a hundred is due. */
const size = Number(process.env.BENCH_ASSISTANT ?? 1_000_000)
const due = Math.ceil(size / 100)
const second = 1000

/** The folder assistant over one mailbox: a round that moves what is due, and one that finds nothing, beside one index scan of the same folder. */
export async function benchAssistant(bench: BenchSite): Promise<Row[]> {
  const { site } = bench
  const { id: organisation } = site.organisation
  const owner = await site.directory.find('rob@contoso.com', organisation)
  if (!owner) throw new Error('nobody is called rob')
  const { mailbox } = owner
  const template = await site.mailboxes.createItem(
    systemCaller(organisation),
    { mailbox, kind: 'inbox' },
    { kind: 'message', properties: { subject: 'Template', body: { type: 'Text', value: 'To be kept for a while.' } } },
  )
  const archive = await site.mailboxes.createFolder(systemCaller(organisation), {
    parent: { mailbox, kind: 'msgfolderroot' },
    name: 'Bench',
  })
  const folder = archive.row.id
  const filling = performance.now()
  await fillFolder({ ...bench, mailbox }, folder, template.ref.id, size)
  const filled = size / ((performance.now() - filling) / 1000)

  // Items came a second apart: so many of the oldest are due.
  const now = template.head.received + size * second + 86_400_000
  const age = Math.floor((now - template.head.received) / second - due) * second
  const tag = await site.configuration.create(organisation, 'RetentionPolicyTag', { Name: 'Bench', Type: 'All', RetentionAction: 'MoveToDeletedItems', AgeLimitForRetention: spanOf(age) }) // prettier-ignore
  const policy = await site.configuration.create(organisation, 'RetentionPolicy', { Name: 'Bench', RetentionPolicyTagLinks: [tag.Guid] })
  await site.directory.update(organisation, owner.id, { kept: { ...owner.kept, RetentionPolicy: policy.Guid } })

  const scan = await measured(() => wholeScan(bench, mailbox, folder))
  const { store, directory, configuration } = site
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const assistant = createAssistant({ store, directory, configuration, clock: () => now, random: randomBytes, log })
  const round = async () => {
    let steps = 0
    for (let state: Record<string, unknown> | undefined = { mailbox }; state; steps++) {
      state = (await assistant.run({ organisation, state }))?.state
    }
    return steps
  }
  const moving = await measured(round)
  const nothing = await measured(round)
  // An age that all of them have, and a tag that does nothing: every row is looked at.
  await site.configuration.update(organisation, 'RetentionPolicyTag', tag.Guid, { RetentionAction: 'MarkAsPastRetentionLimit', AgeLimitForRetention: '00:00:01' }) // prettier-ignore
  const looking = await measured(round)
  const among = `${size.toLocaleString('en')} items`
  const baseline = `${scan.seconds.toFixed(1)} s one scan by received`
  const line = (what: string, one: Measured<number>, note: string): Row => ({
    what,
    measured: `${one.seconds.toFixed(2)} s`,
    baseline,
    ratio: one.seconds / scan.seconds,
    note: `${one.value} steps; heap +${(one.heap / 2 ** 20).toFixed(0)} MB at most; ${note}`,
  })
  return [
    line(
      `Assistant moves ${due.toLocaleString('en')} of ${among}`,
      moving,
      `${rate(due / moving.seconds)} moved; filled at ${rate(filled)}`,
    ),
    line(`Assistant finds nothing due of ${among}`, nothing, 'the range by received is empty'),
    line(`Assistant looks at every one of ${among}`, looking, 'all are due and stay'),
  ]
}

interface Measured<T> {
  value: T
  seconds: number
  /** Bytes that the heap grew by at most while it ran. */
  heap: number
}

async function measured<T>(work: () => Promise<T>): Promise<Measured<T>> {
  const before = process.memoryUsage().heapUsed
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().heapUsed)), 50)
  const began = performance.now()
  const value = await work()
  clearInterval(timer)
  return { value, seconds: (performance.now() - began) / 1000, heap: most - before }
}

/** What the assistant cannot be quicker than where everything is due: the same rows, read page by page. */
async function wholeScan({ site }: BenchSite, mailbox: string, folder: number): Promise<number> {
  const order = [{ column: 'received' as const, descending: false }]
  let seen = 0
  for (let after: (string | number | null)[] | undefined; ;) {
    const rows = await site.store.read((tx) =>
      tx.items.heads({ mailbox, folders: [folder], associated: false, order, limit: 250, ...(after ? { after } : {}) }),
    )
    seen += rows.length
    if (rows.length < 250) return seen
    after = await site.store.read(async (tx) => tx.items.scanKey(rows.at(-1)!, order))
  }
}

function spanOf(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 86_400)}.${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
