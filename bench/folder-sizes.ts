import { envelope, idsOf, succeeded } from '../test/clients/raw-ews.ts'
import { fillFolder, type BenchSite } from './bench-site.ts'
import { findPage } from './ews.ts'
import { generateLoad } from './generate-load.ts'
import { perSecond, rate, type Row } from './table.ts'

/** Sizes of the folders: BENCH_SIZES, or 1 k, 100 k and 1 M. The cost of a page must not grow by more than a fifth. */
const sizes = (process.env.BENCH_SIZES ?? '1000,100000,1000000').split(',').map(Number)

/** The same FindItem page of 100 in folders of growing size; the smallest is the baseline of the others. */
export async function benchFolderSizes(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox, ews, authorization } = bench
  const [sample = 0] = (
    await site.store.read(async (tx) => {
      const inbox = await tx.folders.byKind(mailbox, 'inbox')
      return tx.items.heads({
        mailbox,
        folders: [inbox?.id ?? 0],
        associated: false,
        order: [{ column: 'received', descending: true }],
        limit: 1,
      })
    })
  ).map((head) => head.id)
  const rows: Row[] = []
  let smallest = 0
  for (const size of sizes) {
    const made = succeeded(
      await ews.call(
        `<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Bench ${size}</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>`,
      ),
    )
    const id = idsOf(made, 't:FolderId')[0] ?? ''
    const row = await site.store.read(async (tx) => {
      const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
      return tx.folders.childNamed(mailbox, top?.id ?? 0, `Bench ${size}`)
    })
    const began = performance.now()
    await fillFolder(bench, row?.id ?? 0, sample, size)
    const filled = size / ((performance.now() - began) / 1000)
    const job = {
      kind: 'https' as const,
      port: site.ports.https ?? 0,
      ca: site.ca,
      path: '/EWS/Exchange.asmx',
      authorization,
      bodies: [envelope(findPage(`<t:FolderId Id="${id}"/>`, 100))],
      connections: 4,
    }
    await generateLoad({ ...job, seconds: 1 })
    const result = await generateLoad({ ...job, seconds: 4 })
    const measured = perSecond(result)
    smallest ||= measured
    rows.push({
      what: `EWS FindItem page of 100 among ${size.toLocaleString('en')}`,
      measured: rate(measured),
      baseline: `${rate(smallest)} among ${(sizes[0] ?? 0).toLocaleString('en')}`,
      ratio: measured / smallest,
      note: `filled at ${rate(filled)}; p99 ${result.p99.toFixed(1)} ms`,
    })
  }
  return rows
}
