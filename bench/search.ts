import { createHash } from 'node:crypto'
import { envelope, idsOf, succeeded } from '../test/clients/raw-ews.ts'
import type { BenchSite } from './bench-site.ts'
import { generateLoad } from './generate-load.ts'
import { perSecond, rate, type Row } from './table.ts'

/** Items of the mailbox: BENCH_SEARCH, or 200 k. The 99th percentile of a search is to be at most 150 ms. */
const size = Number(process.env.BENCH_SEARCH ?? 200_000)
const bound = 150
const vocabulary = 20_000

/** What is searched for, with what it costs: rare and common words, people, ranges, what is left out. */
const queries: readonly (readonly [what: string, query: string])[] = [
  ['a rare word', 'seldom17'],
  ['a word of every second item', 'often'],
  ['two words of many', 'often monthly'],
  ['a word and a person', 'monthly from:person30'],
  ['a subject', 'subject:"report 4242"'],
  ['a range of time', 'monthly received:2026-11-20..2026-11-21'],
  ['either of two', 'seldom17 OR seldom18'],
  ['one without the other', 'monthly NOT often'],
  ['attachments', 'hasattachment:true monthly'],
  ['a word that begins so', 'seldom1*'],
  ['nothing', 'nowhere'],
]

/** Text of the item with the number: as a mailbox has it, few words often and many seldom. Says the same each time. */
function wordsOf(number: number): string {
  const bytes = createHash('sha256').update(String(number)).digest()
  // The square of a uniform number: small ones are frequent.
  const word = (at: number) => `word${Math.floor((bytes.readUInt16LE(at) / 65_536) ** 2 * vocabulary)}`
  const words = Array.from({ length: 15 }, (_, n) => word(n * 2))
  if (number % 2 === 0) words.push('often')
  if (number % 31 === 0) words.push('monthly')
  words.push(`seldom${number % 10_000}`)
  return words.join(' ')
}

async function fill({ site, mailbox }: BenchSite, folder: number, template: number): Promise<number> {
  const row = await site.store.read((tx) => tx.items.get(mailbox, template))
  if (!row) throw new Error('the template is gone')
  const { id: _id, change: _change, contentChange: _contentChange, ...item } = row
  const began = performance.now()
  const first = Date.UTC(2026, 0, 1)
  for (let done = 0; done < size;) {
    const upTo = Math.min(done + 500, size)
    await site.store.write(async (tx) => {
      for (; done < upTo; done++) {
        const subject = `Report ${done}`
        const from = `Person${done % 300}`
        const received = first + Math.floor((done / size) * 330 * 86_400_000)
        await tx.items.insert(
          {
            ...item,
            folder,
            subject,
            received,
            fromName: from,
            hasAttachments: done % 10 === 0,
            messageId: `<search.${done}@bench.example>`,
          },
          { subject, from, body: wordsOf(done) },
        )
      }
    })
  }
  return size / ((performance.now() - began) / 1000)
}

/** FindItem with a query over a large mailbox, one kind of query after the other: pages of 50, newest first, as clients ask. */
export async function benchSearch(bench: BenchSite): Promise<Row[]> {
  const { site, mailbox, ews, authorization } = bench
  const create = '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Searched</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>' // prettier-ignore
  const [id = ''] = idsOf(succeeded(await ews.call(create)), 't:FolderId')
  succeeded(await ews.call(`<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:FolderId Id="${id}"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>Sample</t:Subject></t:Message></m:Items></m:CreateItem>`)) // prettier-ignore
  const row = await site.store.read(async (tx) => {
    const top = await tx.folders.byKind(mailbox, 'msgfolderroot')
    const searched = await tx.folders.childNamed(mailbox, top?.id ?? 0, 'Searched')
    const [sample] = await tx.items.heads({ mailbox, folders: [searched?.id ?? 0], associated: false, order: [], limit: 1 })
    return { folder: searched?.id ?? 0, sample: sample?.id ?? 0 }
  })
  const filled = await fill(bench, row.folder, row.sample)
  const rows: Row[] = []
  for (const [what, query] of queries) {
    const body = `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:IndexedPageItemView MaxEntriesReturned="50" Offset="0" BasePoint="Beginning"/><m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds><t:FolderId Id="${id}"/></m:ParentFolderIds><m:QueryString>${query}</m:QueryString></m:FindItem>`
    const found = Number(/TotalItemsInView="(\d+)"/.exec(succeeded(await ews.call(body)))?.[1])
    if (found > 0 !== (what !== 'nothing')) throw new Error(`${query} found ${found}`)
    const job = { kind: 'https' as const, port: site.ports.https ?? 0, ca: site.ca, path: '/EWS/Exchange.asmx', authorization }
    const result = await generateLoad({ ...job, bodies: [envelope(body)], connections: 1, seconds: 4 })
    rows.push({
      what: `EWS search of ${size.toLocaleString('en')}: ${what}`,
      measured: `p99 ${result.p99.toFixed(1)} ms`,
      baseline: `${bound} ms`,
      ratio: result.p99 / bound,
      note: `${found.toLocaleString('en')} found; p50 ${result.p50.toFixed(1)} ms, ${rate(perSecond(result))}${rows.length === 0 ? `; filled at ${rate(filled)}` : ''}`,
    })
  }
  return rows
}
