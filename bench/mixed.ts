import { seedPeople, seedPerson } from '#server'
import { connectRaw, envelope, idsOf, succeeded, textsOf } from '../test/clients/raw-ews.ts'
import { benchPassword, basicOf, fillFolder, type BenchSite } from './bench-site.ts'
import { findPage } from './ews.ts'
import { generateLoad } from './generate-load.ts'
import type { PacedRequest } from './load-jobs.ts'
import { perSecond, rate, type Row } from './table.ts'

/** Mailboxes, messages in each, and operations that are asked for each second: BENCH_MIXED_RATE, or 1,000. */
const mailboxes = 200
const messages = 100
const wanted = Number(process.env.BENCH_MIXED_RATE ?? 1000)
const seconds = 15

const inbox = '<t:DistinguishedFolderId Id="inbox"/>'
const text = 'An isthmus joins two lands and parts two seas. '.repeat(40)
const message = (folder: string) =>
  `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:DistinguishedFolderId Id="${folder}"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>Mixed load</t:Subject><t:Body BodyType="Text">${text}</t:Body><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>`

/** What one person's clients ask: twenty requests, sixteen of them reading. */
function requestsOf(id: string, state: string): { group: 'reads' | 'writes'; body: string }[] {
  const read = (body: string) => ({ group: 'reads' as const, body })
  const write = (body: string) => ({ group: 'writes' as const, body })
  const item = `<m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds>`
  const page = read(findPage(inbox, 25))
  const get = read(`<m:GetItem><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>${item}</m:GetItem>`)
  const folder = read(`<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${inbox}</m:FolderIds></m:GetFolder>`) // prettier-ignore
  const sync = read(`<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${inbox}</m:SyncFolderId><m:SyncState>${state}</m:SyncState><m:MaxChangesReturned>100</m:MaxChangesReturned></m:SyncFolderItems>`) // prettier-ignore
  const create = write(message('drafts'))
  const mark = (isRead: boolean) => write(`<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="message:IsRead"/><t:Message><t:IsRead>${isRead}</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`) // prettier-ignore
  return [
    ...[sync, get, page, sync, create, get, folder, sync, get, mark(true)],
    ...[sync, get, page, sync, create, get, folder, page, get, mark(false)],
  ]
}

/** Reads and writes of 200 people as they come, at a given pace: how long each takes from when it was due. */
export async function benchMixed(bench: BenchSite): Promise<Row[]> {
  const { site } = bench
  const names = Array.from({ length: mailboxes }, (_, n) => `mixed${n}`)
  const people = names.map((name) => seedPerson.parse({ address: `${name}@contoso.com`, displayName: name }))
  await seedPeople(site, site.organisation.id, people, benchPassword)
  const own: PacedRequest[][] = []
  for (const name of names) {
    const user = `${name}@contoso.com`
    const ews = connectRaw({ url: site.endpoints.ews, ca: site.ca, user, password: benchPassword })
    const [id = ''] = idsOf(succeeded(await ews.call(message('inbox'))))
    const mailbox = (await site.directory.find(user))?.mailbox ?? ''
    const template = await site.store.read(async (tx) => {
      const folder = await tx.folders.byKind(mailbox, 'inbox')
      return (await tx.items.heads({ mailbox, folders: [folder?.id ?? 0], associated: false, order: [], limit: 1 }))[0]
    })
    await fillFolder({ ...bench, mailbox }, template?.folder ?? 0, template?.id ?? 0, messages - 1)
    const first = succeeded(
      await ews.call(
        `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${inbox}</m:SyncFolderId><m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`,
      ),
    )
    ews.close()
    const authorization = basicOf(user)
    own.push(
      requestsOf(id, textsOf(first, 'm:SyncState')[0] ?? '').map(({ group, body }) => ({ group, authorization, body: envelope(body) })),
    )
  }
  // Everybody's first request, then everybody's second, each person a few steps ahead of the one before.
  const steps = own[0]?.length ?? 0
  const requests = Array.from({ length: steps }, (_, step) => own.flatMap((one, n) => one[(step + n) % steps] ?? [])).flat()
  const job = { kind: 'paced' as const, port: site.ports.https ?? 0, ca: site.ca, path: '/EWS/Exchange.asmx', requests, connections: 48 }
  // Until the engine has compiled what runs: a server that has just started is slower for ten seconds.
  await generateLoad({ ...job, rate: wanted, seconds: 10 })
  const result = await generateLoad({ ...job, rate: wanted, seconds })
  const served = perSecond(result)
  return Object.entries(result.groups ?? {}).map(([group, { count, p50, p99 }]) => ({
    what: `EWS mixed load over ${mailboxes} mailboxes: ${group}`,
    measured: `p99 ${p99.toFixed(1)} ms`,
    baseline: `${rate(wanted)} asked`,
    ratio: served / wanted,
    note: `${rate(served)} in all; ${rate(count / result.seconds)} ${group}, p50 ${p50.toFixed(1)} ms from when each was due`,
  }))
}
