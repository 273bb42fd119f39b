/**
 * Kills a server (SIGKILL) while people send as a shared mailbox that keeps copies, over EWS and by submission. Of every message that goes out there is one copy with
 * the mailbox, acknowledged or not; of one that was never queued there is none. SENT_KILLS and SOAK_SEED set how often and with which dice.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { createTransport } from 'nodemailer'
import { connectRaw, succeeded, type RawEws } from '../clients/raw-ews.ts'
import { until } from '../clients/until.ts'
import { dice } from '../fuzz/mutate.ts'
import { root } from '../house/sources.ts'
import { freePortRun } from '../peers/programs.ts'
import { killUnder, startLab } from './lab-process.ts'
import { counts, subjectsIn } from './subjects.ts'

const kills = Number(process.env.SENT_KILLS ?? 6)
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31)
const password = 'Soak!2026'

interface Ledger {
  byEws: Set<string>
  bySmtp: Set<string>
  next: number
}

const sales = '<t:Mailbox><t:EmailAddress>sales@contoso.com</t:EmailAddress></t:Mailbox>'

async function ewsLoad(ews: RawEws, ledger: Ledger): Promise<void> {
  for (;;) {
    const subject = `sent-e${ledger.next++}`
    succeeded(
      await ews.call(
        `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">${'x'.repeat(1000)}</t:Body>` +
          `<t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients><t:From>${sales}</t:From></t:Message></m:Items></m:CreateItem>`,
      ),
    )
    ledger.byEws.add(subject)
  }
}

async function smtpLoad(port: number, ca: string, ledger: Ledger): Promise<void> {
  const transport = createTransport({
    ...{ pool: true, maxConnections: 1, host: '127.0.0.1', port, requireTLS: true },
    tls: { ca, servername: 'localhost' },
    auth: { user: 'mary@contoso.com', pass: password },
  })
  try {
    for (;;) {
      const subject = `sent-s${ledger.next++}`
      await transport.sendMail({ from: 'sales@contoso.com', to: 'ann@contoso.com', subject, text: 'y'.repeat(1000) })
      ledger.bySmtp.add(subject)
    }
  } finally {
    transport.close()
  }
}

const sentIn = async (ews: RawEws, folder: string, address?: string) =>
  counts((await subjectsIn(ews, folder, address)).filter((subject) => subject.startsWith('sent-')))

test(`source R9: ${kills} kills while others send: one copy of each message that goes out`, { timeout: 600_000 }, async (context) => {
  context.diagnostic(`SOAK_SEED=${seed}`)
  const random = dice(seed)
  const data = await mkdtemp(join(tmpdir(), 'isthmus-soak-'))
  const port = await freePortRun(3)
  const ledger: Ledger = { byEws: new Set(), bySmtp: new Set(), next: 0 }
  const connect = (ca: string, who: string): RawEws => connectRaw({ url: `https://127.0.0.1:${port}/EWS/Exchange.asmx`, ca, user: `${who}@contoso.com`, password }) // prettier-ignore
  try {
    for (let kill = 0; kill < kills; kill++) {
      const lab = await startLab(data, port, password)
      if (kill === 0) {
        const script =
          'Add-RecipientPermission sales -Trustee mary -AccessRights SendAs; Add-MailboxPermission sales -User mary -AccessRights FullAccess; Set-Mailbox sales -MessageCopyForSentAsEnabled $true; Set-Mailbox sales -MessageCopyForSendOnBehalfEnabled $true'
        await promisify(execFile)(process.execPath, [join(root, 'bin/isthmus'), 'shell', '--data', data, '-c', script])
      }
      const ews = connect(lab.ca, 'mary')
      const loads = [ewsLoad(ews, ledger), ewsLoad(ews, ledger), smtpLoad(port + 2, lab.ca, ledger)]
      await killUnder(lab, loads, 300 + random.below(1500))
      ews.close()
    }
    const lab = await startLab(data, port, password)
    const [mary, ann] = [connect(lab.ca, 'mary'), connect(lab.ca, 'ann')]
    const acknowledged = [...ledger.byEws, ...ledger.bySmtp]
    const received = await until(
      'every acknowledged message is delivered',
      async () => {
        const inbox = await sentIn(ann, 'inbox')
        return acknowledged.every((subject) => inbox.has(subject)) ? inbox : undefined
      },
      60,
    )
    const copies = await sentIn(mary, 'sentitems', 'sales@contoso.com')
    const kept = await sentIn(mary, 'sentitems')
    for (const [subject, count] of [...received, ...copies, ...kept]) assert.equal(count, 1, subject)
    assert.deepEqual([...copies.keys()].sort(), [...received.keys()].sort(), 'copies of what went out')
    assert.deepEqual([...kept.keys()].sort(), [...received.keys()].filter((subject) => subject.startsWith('sent-e')).sort(), 'what the sender keeps') // prettier-ignore
    context.diagnostic(`${ledger.byEws.size} by EWS and ${ledger.bySmtp.size} by submission acknowledged, ${copies.size} copies`)
    for (const client of [mary, ann]) client.close()
    assert.equal(await lab.stop(), 0, 'a clean stop')
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
