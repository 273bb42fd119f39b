import { serverCertificate } from '#trust'
import { codesOf, envelope, idsOf, succeeded } from '../test/clients/raw-ews.ts'
import type { BenchSite } from './bench-site.ts'
import { startBareServer } from './bare-server.ts'
import { generateLoad } from './generate-load.ts'
import { perSecond, rate, type Row } from './table.ts'

const seconds = 5
const connections = 8

const body = 'An isthmus joins two lands and parts two seas. '.repeat(100)
const createMessage = `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:DistinguishedFolderId Id="drafts"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>Bench message</t:Subject><t:Body BodyType="Text">${body}</t:Body><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>`

export function findPage(folder: string, entries: number): string {
  return `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${['item:Subject', 'item:DateTimeReceived', 'message:From', 'message:IsRead', 'item:Size', 'item:HasAttachments'].map((uri) => `<t:FieldURI FieldURI="${uri}"/>`).join('')}</t:AdditionalProperties></m:ItemShape><m:IndexedPageItemView MaxEntriesReturned="${entries}" Offset="0" BasePoint="Beginning"/><m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds>${folder}</m:ParentFolderIds></m:FindItem>`
}

/** EWS calls a second, each beside a bare HTTPS server that answers the same bytes. The mailbox holds some thousand messages by then. */
export async function benchEws(bench: BenchSite): Promise<Row[]> {
  const inbox = '<t:DistinguishedFolderId Id="inbox"/>'
  const found = succeeded(await bench.ews.call(findPage(inbox, 600)))
  const ids = idsOf(found)
  if (ids.length < 550) throw new Error(`only ${ids.length} messages to measure with`)
  const getItems = Array.from({ length: 10 }, (_, page) => {
    const items = ids.slice(page * 50, page * 50 + 50).map((id) => `<t:ItemId Id="${id}"/>`)
    return `<m:GetItem><m:ItemShape><t:BaseShape>Default</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape><m:ItemIds>${items.join('')}</m:ItemIds></m:GetItem>`
  })
  const sync = `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${inbox}</m:SyncFolderId><m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`
  return [
    await beside(bench, 'EWS FindItem of 100', [findPage(inbox, 100)]),
    await beside(bench, 'EWS GetItem of 50 with MIME, 10 KiB each', getItems),
    await beside(bench, 'EWS SyncFolderItems of 512', [sync]),
    await beside(bench, 'EWS CreateItem, durable', [createMessage]),
  ]
}

/** Measures the operation, then a bare server with the bytes of its answer. */
export async function beside({ site, ews, folder, authorization }: BenchSite, what: string, operations: string[]): Promise<Row> {
  const [first = ''] = operations
  const answer = await ews.call(first)
  const codes = codesOf(answer)
  if (codes.some((code) => code !== 'NoError')) throw new Error(`${what}: ${answer.slice(0, 2000)}`)
  const job = { path: '/EWS/Exchange.asmx', authorization, bodies: operations.map(envelope) }
  return besideBare({ site, folder }, what, job, Buffer.from(answer))
}

/** What is measured over HTTPS. */
export interface HttpsJob {
  path: string
  authorization: string
  contentType?: string
  bodies: string[]
}

/** Measures requests, then a bare server with the bytes of their answer. */
export async function besideBare(
  { site, folder }: Pick<BenchSite, 'site' | 'folder'>,
  what: string,
  asked: HttpsJob,
  answer: Buffer,
): Promise<Row> {
  const job = { ...asked, kind: 'https', ca: site.ca, connections } as const
  await generateLoad({ ...job, port: site.ports.https ?? 0, seconds: 1 })
  const measured = await generateLoad({ ...job, port: site.ports.https ?? 0, seconds })
  const certificate = await serverCertificate({ folder, organisation: 'Contoso', names: ['localhost'], clock: Date.now })
  const bare = await startBareServer(certificate, answer)
  try {
    await generateLoad({ ...job, port: bare.port, seconds: 1 })
    const baseline = await generateLoad({ ...job, port: bare.port, seconds })
    const [ours, theirs] = [perSecond(measured), perSecond(baseline)]
    const note = `${(measured.bytes / 1024).toFixed(0)} KiB; p50 ${measured.p50.toFixed(1)}, p99 ${measured.p99.toFixed(1)} ms`
    return { what, measured: rate(ours), baseline: `${rate(theirs)} bare`, ratio: ours / theirs, note }
  } finally {
    await bare.close()
  }
}
