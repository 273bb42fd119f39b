import { randomBytes } from 'node:crypto'
import { createAssistant } from '#mailbox'
import { envelope, idsOf, succeeded } from '../test/clients/raw-ews.ts'
import { fillFolder, type BenchSite } from './bench-site.ts'
import { findPage } from './ews.ts'
import { generateLoad } from './generate-load.ts'
import { inMs, type Times } from './side-by-side.ts'
import { rate, type Row } from './table.ts'

/** Items that are purged: BENCH_PURGE, or 100,000. */
const size = Number(process.env.BENCH_PURGE ?? 100_000)
/** Of the folder that is looked at meanwhile, in the same mailbox. */
const looked = 1000
/** FindItem is asked for so often, for so many seconds. */
const asked = 20
const seconds = 15
const month = 30 * 86_400_000

/** How long a FindItem of 100 takes while 100,000 items of the same mailbox are purged, beside how long it takes in quiet. */
export async function benchPurge(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox } = bench
  const owner = await site.directory.find('mary@contoso.com')
  if (!owner) throw new Error('mary is gone')
  const mary = await site.directory.callerFor(owner)
  const template = await site.mailboxes.createItem(mary, { mailbox, kind: 'drafts' }, {
    kind: 'message',
    properties: { subject: 'Bench', body: { type: 'Text', value: 'An isthmus joins two lands and parts two seas. '.repeat(40) } },
  }) // prettier-ignore
  const folder = async (name: string, items: number): Promise<number> => {
    const { row } = await site.mailboxes.createFolder(mary, { parent: { mailbox, kind: 'msgfolderroot' }, name })
    await fillFolder(bench, row.id, template.ref.id, items)
    return row.id
  }
  await folder('Looked at', looked)
  const find = await finder(bench, 'Looked at')
  const emptied = await folder('Emptied', size)
  const quiet = await find()

  const deleting = await besidePurge(find, () => site.mailboxes.emptyFolder(mary, { mailbox, id: emptied }, 'HardDelete', false))
  const { store, directory, configuration } = site
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const assistant = createAssistant({ store, directory, configuration, clock: () => Date.now() + month, random: randomBytes, log })
  const expiring = await besidePurge(find, async () => {
    for (let state: Record<string, unknown> | undefined = { mailbox }; state;) {
      state = (await assistant.run({ organisation: site.organisation.id, state }))?.state
    }
  })
  const line = (what: string, { p50, p99, took }: Beside): Row => ({
    what: `FindItem of 100 while ${size.toLocaleString('en')} items ${what}`,
    measured: `p99 ${inMs(p99)}`,
    baseline: `${inMs(quiet.p99)} in quiet`,
    ratio: p99 / quiet.p99,
    note: `p50 ${inMs(p50)} beside ${inMs(quiet.p50)}; ${rate(size / took)} went`,
  })
  return [line('are deleted for good', deleting), line('end their time', expiring)]
}

/** Times of a purge's neighbours, and how many seconds the purge took. */
interface Beside extends Times {
  took: number
}

/** Asks for the newest hundred items of a folder again and again, as clients do; how long each took from when it was due. */
async function finder({ site, ews, authorization }: BenchSite, path: string): Promise<() => Promise<Times>> {
  const seen = succeeded(
    await ews.call(
      `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="folder:DisplayName"/><t:FieldURIOrConstant><t:Constant Value="${path}"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>`,
    ),
  )
  const [id = ''] = idsOf(seen, 't:FolderId')
  const request = { group: 'find', authorization, body: envelope(findPage(`<t:FolderId Id="${id}"/>`, 100)) }
  const port = site.ports.https ?? 0
  const job = { kind: 'paced' as const, port, path: '/EWS/Exchange.asmx', ca: site.ca, requests: [request], connections: 8, rate: asked }
  await generateLoad({ ...job, seconds: 5 })
  return () => generateLoad({ ...job, seconds })
}

async function besidePurge(find: () => Promise<Times>, purge: () => Promise<void>): Promise<Beside> {
  const began = performance.now()
  const purging = purge()
  const times = await find()
  await purging
  return { ...times, took: (performance.now() - began) / 1000 }
}
