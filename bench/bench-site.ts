import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRaw, type RawEws } from '../test/clients/raw-ews.ts'
import { startTestSite, type TestSite } from '../test/support/site.ts'

export interface BenchSite {
  site: TestSite
  ews: RawEws
  folder: string
  authorization: string
  close(): Promise<void>
}

/** A site on disk in a folder of its own, with the real cost of everything but passwords. */
export async function startBenchSite(): Promise<BenchSite> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-bench-'))
  const site = await startTestSite({ config: { data: folder } })
  const user = 'mary@contoso.com'
  const ews = connectRaw({ url: site.ewsUrl, ca: site.ca, user, password: site.password })
  return {
    site,
    ews,
    folder,
    authorization: `Basic ${Buffer.from(`${user}:${site.password}`).toString('base64')}`,
    close: async () => {
      ews.close()
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Copies one stored item `count` times into a folder by the store alone, each with a subject and time of its own. */
export async function fillFolder({ site }: BenchSite, mailbox: string, folder: number, template: number, count: number): Promise<void> {
  const row = await site.store.read((tx) => tx.items.get(mailbox, template))
  if (!row) throw new Error('the template is gone')
  const { id: _id, change: _change, contentChange: _contentChange, ...item } = row
  for (let done = 0; done < count;) {
    const upTo = Math.min(done + 500, count)
    await site.store.write(async (tx) => {
      for (; done < upTo; done++) {
        const messageId = `<${createHash('sha256').update(String(done)).digest('hex').slice(0, 24)}@bench.example>`
        await tx.items.insert(
          { ...item, folder, subject: `Bench ${done}`, messageId, received: item.received + done * 1000, hasAttachments: false },
          `Bench ${done}`,
        )
      }
    })
  }
}
