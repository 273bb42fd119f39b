/** Mail that comes into a mailbox of a site, waited for. */
import type { TestSite } from './site.ts'

/** The bytes of the message in somebody's Inbox that looks so: of one that is there, or the next that comes. */
export async function arrivingMail(site: TestSite, alias: string, pattern = /^/): Promise<Buffer> {
  const { mailbox } = site.people[alias]!
  const ending = new AbortController()
  for await (const _ of site.mailboxes.watch(mailbox, ending.signal)) {
    const found = await site.store.read(async (tx) => {
      const inbox = (await tx.folders.byKind(mailbox, 'inbox'))!
      const heads = await tx.items.heads({ mailbox, folders: [inbox.id], associated: false, order: [], limit: 50 })
      const rows = await tx.items.getMany(
        mailbox,
        heads.map(({ id }) => id),
      )
      return Promise.all(rows.flatMap(({ mime }) => (mime ? [tx.blobs.get(mailbox, mime)] : [])))
    })
    const wanted = found.map((bytes) => Buffer.from(bytes)).find((bytes) => pattern.test(bytes.toString('latin1')))
    if (wanted) return wanted
  }
  throw new Error('no such mail came')
}
