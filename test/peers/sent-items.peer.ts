/** The sent-items matrix with clients of others: python3-exchangelib sends over EWS and looks into the mailboxes, smtplib hands in. */
import test from 'node:test'
import { startPeerSite } from '../clients/peer-site.ts'
import { until } from '../clients/until.ts'
import { checkRow, customFolder, makeDelegators, rows, type Seen } from '../sent-items/table.ts'
import { startExchangelibScript } from './exchangelib-lines.ts'

test('source R9: the sent-items matrix with exchangelib and smtplib', async (context) => {
  const site = await startPeerSite({}, makeDelegators)
  const { mary, rob, ann } = site
  const script = startExchangelibScript('sent_items.py', { EWS_URL: site.ews, SUBMISSION_PORT: String(site.submissionPort), CA_FILE: site.caFile, PASSWORD: site.password }) // prettier-ignore
  const look = async (user: string, mailbox: string, folder: string, subject: string) =>
    (await script.ask({ do: 'look', user, mailbox, folder, subject })) as Seen[]
  try {
    for (const row of rows) {
      await context.test(row.name, async () => {
        const { address, folder, name, over } = row
        await script.ask({ do: over === 'EWS' ? 'send_ews' : 'send_smtp', user: rob, author: address, to: ann, subject: name })
        checkRow(row, {
          delegatorSentItems: await look(mary, address, 'sentitems', name),
          delegatorCustom: folder === 'custom' ? await look(mary, address, customFolder, name) : [],
          ownSentItems: await look(rob, rob, 'sentitems', name),
          received: await until(`'${name}' in Ann's Inbox`, async () => {
            const found = await look(ann, ann, 'inbox', name)
            return found.length > 0 ? found : undefined
          }),
        })
      })
    }
  } finally {
    await script[Symbol.asyncDispose]()
    await site.close()
  }
})
