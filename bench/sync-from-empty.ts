import { idsOf, succeeded, textsOf } from '../test/clients/raw-ews.ts'
import { fillFolder, type BenchSite } from './bench-site.ts'
import { rate, type Row } from './table.ts'

/** Items of the folder: BENCH_SYNC, or 100 k. */
const size = Number(process.env.BENCH_SYNC ?? 100_000)
const together = 512

/** A whole folder synchronised from nothing by one client, page after page: what a new device does. The ids alone, then what lists show. */
export async function benchSyncFromEmpty(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox, ews } = bench
  const create = (name: string) =>
    `<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>`
  const [folder = ''] = idsOf(succeeded(await ews.call(create('Sync'))), 't:FolderId')
  const message = `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:FolderId Id="${folder}"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>Sample</t:Subject><t:Body BodyType="Text">${'words '.repeat(50)}</t:Body></t:Message></m:Items></m:CreateItem>`
  succeeded(await ews.call(message))
  const row = await site.store.read(async (tx) => {
    const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
    const sync = await tx.folders.childNamed(mailbox, top?.id ?? 0, 'Sync')
    const [sample] = await tx.items.heads({ mailbox, folders: [sync?.id ?? 0], associated: false, order: [], limit: 1 })
    return { folder: sync?.id ?? 0, sample: sample?.id ?? 0 }
  })
  await fillFolder(bench, row.folder, row.sample, size - 1)
  const rows: Row[] = []
  for (const [what, shape] of [
    ['ids alone', '<t:BaseShape>IdOnly</t:BaseShape>'],
    ['what lists show', '<t:BaseShape>Default</t:BaseShape>'],
  ] as const) {
    const began = performance.now()
    let count = 0
    for (let state = '', last = false; !last;) {
      const answer = succeeded(
        await ews.call(
          `<m:SyncFolderItems><m:ItemShape>${shape}</m:ItemShape><m:SyncFolderId><t:FolderId Id="${folder}"/></m:SyncFolderId>${state && `<m:SyncState>${state}</m:SyncState>`}<m:MaxChangesReturned>${together}</m:MaxChangesReturned></m:SyncFolderItems>`,
        ),
      )
      count += answer.split('<t:Create>').length - 1
      state = textsOf(answer, 'm:SyncState')[0] ?? ''
      last = answer.includes('<m:IncludesLastItemInRange>true')
    }
    if (count !== size) throw new Error(`${count} of ${size} items came`)
    const seconds = (performance.now() - began) / 1000
    rows.push({
      what: `EWS SyncFolderItems from empty, ${size.toLocaleString('en')} items, ${what}`,
      measured: `${rate(size / seconds)}`,
      baseline: '–',
      note: `${seconds.toFixed(1)} s in pages of ${together}, one client`,
    })
  }
  return rows
}
