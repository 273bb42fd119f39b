/** The sent-items matrix with clients of others: python3-exchangelib sends over EWS and looks into the mailboxes, smtplib hands in. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test from 'node:test'
import { startPeerSite } from '../clients/peer-site.ts'
import { until } from '../clients/until.ts'
import { checkRow, customFolder, makeDelegators, rows, type Seen } from '../sent-items/table.ts'
import { requireProgram } from './programs.ts'

/** The script, which answers a line by a line. */
function startScript(env: Record<string, string>) {
  const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'sent_items.py')], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-3000)))
  // A script that ended is told by its missing answer.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask(question: Record<string, string>): Promise<unknown> {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`the script ended; if exchangelib is missing: apt-get install python3-exchangelib\n${complaints}`)
      const report = JSON.parse(value) as { is?: unknown; error?: string; where?: string }
      if (report.error) throw new Error(`${report.error}\n${report.where}`)
      return report.is
    },
    async end(): Promise<void> {
      child.stdin.end()
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(kill)
    },
  }
}

test('source R9: the sent-items matrix with exchangelib and smtplib', async (context) => {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const site = await startPeerSite({}, makeDelegators)
  const { mary, rob, ann } = site
  const script = startScript({ EWS_URL: site.ews, SUBMISSION_PORT: String(site.submissionPort), CA_FILE: site.caFile, PASSWORD: site.password }) // prettier-ignore
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
    await script.end()
    await site.close()
  }
})
