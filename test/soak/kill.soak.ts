/**
 * Kills a server (SIGKILL) at random moments under SMTP and EWS load, with rules, meetings and subscriptions. Whatever was acknowledged must be there exactly once, and
 * the store must be sound. KILLS and SOAK_SEED set how often and with which dice.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { promisify } from 'node:util'
import { codesOf, connectRaw, idsOf, succeeded, type RawEws } from '../clients/raw-ews.ts'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { until } from '../clients/until.ts'
import { dice, type Dice } from '../fuzz/mutate.ts'
import { root } from '../house/sources.ts'
import { freePortRun } from '../peers/programs.ts'
import { killUnder, startLab } from './lab-process.ts'
import { meetingLoad, meetingsAgree, type MeetingLedger } from './meeting-load.ts'
import { counts, subjectsIn } from './subjects.ts'
import { beginWatch, pullLoad, streamLoad, toldOnce, type Watched } from './watching.ts'

const kills = Number(process.env.KILLS ?? 20)
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31)
const password = 'Soak!2026'

/** What the clients were told. A thing that was asked for and not answered may or may not have happened, but never twice. */
interface Ledger {
  mailed: Set<string>
  created: Set<string>
  /** By the subject now. */
  renamed: Set<string>
  moved: Set<string>
  deleted: Set<string>
  /** Of items by the subject they were made with. */
  ids: Map<string, string>
  next: number
}

/** Mails until the connection breaks. */
async function mailLoad(port: number, ledger: Ledger): Promise<void> {
  const smtp = await connectSmtp(port)
  try {
    for (;;) {
      const subject = `mail-${ledger.next++}`
      const message = `From: a@example.com\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.com>\r\n\r\n${'x'.repeat(2000)}\r\n`
      await smtp.send('a@example.com', ['mary@contoso.com'], Buffer.from(message))
      ledger.mailed.add(subject)
    }
  } finally {
    smtp.close()
  }
}

/** Creates, renames, moves and deletes items until the connection breaks. */
async function changeLoad(ews: RawEws, random: Dice, ledger: Ledger): Promise<void> {
  for (;;) {
    const subject = `item-${ledger.next++}`
    const made = succeeded(await ews.call(createItem(subject)))
    ledger.created.add(subject)
    const [id] = idsOf(made)
    assert.ok(id, made)
    ledger.ids.set(subject, id)
    const what = random.below(4)
    if (what === 0) continue
    // From here on its state is unknown until the answer is in.
    ledger.created.delete(subject)
    if (what === 1) {
      succeeded(await ews.call(renameItem(id, `renamed-${subject}`)))
      ledger.renamed.add(`renamed-${subject}`)
    } else if (what === 2) {
      succeeded(
        await ews.call(
          `<m:MoveItem><m:ToFolderId><t:DistinguishedFolderId Id="notes"/></m:ToFolderId><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:MoveItem>`,
        ),
      )
      ledger.moved.add(subject)
    } else {
      succeeded(await ews.call(`<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`))
      ledger.deleted.add(subject)
    }
  }
}

function createItem(subject: string): string {
  return `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:DistinguishedFolderId Id="drafts"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">${'y'.repeat(500)}</t:Body></t:Message></m:Items></m:CreateItem>`
}

/** Mary's rule: each mail goes on to Rob. */
const forwarding =
  '<m:UpdateInboxRules><m:Operations><t:CreateRuleOperation><t:Rule><t:DisplayName>on</t:DisplayName><t:Priority>1</t:Priority><t:IsEnabled>true</t:IsEnabled>' +
  '<t:Conditions><t:ContainsSubjectStrings><t:String>mail-</t:String></t:ContainsSubjectStrings></t:Conditions>' +
  '<t:Actions><t:ForwardToRecipients><t:Address><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Address></t:ForwardToRecipients></t:Actions>' +
  '</t:Rule></t:CreateRuleOperation></m:Operations></m:UpdateInboxRules>'

/** What a rule sends on is one with the filing: of each message that lies in Mary's Inbox, Rob has one. */
async function forwardedOnce(rob: RawEws, mailed: ReadonlyMap<string, number>): Promise<void> {
  let inbox = new Map<string, number>()
  const missing = () => [...mailed.keys()].filter((subject) => !inbox.has(`FW: ${subject}`))
  await until(
    'every message that was filed is forwarded',
    async () => {
      inbox = counts((await subjectsIn(rob, 'inbox')).filter((subject) => subject.startsWith('FW: mail-')))
      return missing().length === 0
    },
    60,
  ).catch((error: unknown) => assert.fail(`not forwarded: ${missing().slice(0, 20).join(', ')} (${String(error)})`))
  assert.deepEqual(
    [...inbox].filter(([, count]) => count > 1),
    [],
    'forwarded twice',
  )
}

function renameItem(id: string, subject: string): string {
  return `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates><t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>${subject}</t:Subject></t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`
}

test(`${kills} kills under load lose nothing and repeat nothing`, { timeout: 900_000 }, async (context) => {
  context.diagnostic(`SOAK_SEED=${seed}`)
  const random = dice(seed)
  const data = await mkdtemp(join(tmpdir(), 'isthmus-soak-'))
  const port = await freePortRun(3)
  const ledger: Ledger = {
    mailed: new Set(),
    created: new Set(),
    renamed: new Set(),
    moved: new Set(),
    deleted: new Set(),
    ids: new Map(),
    next: 0,
  }
  const meetings: MeetingLedger = { made: new Set(), cancelled: new Set(), next: 0 }
  const watched: Watched = { pulled: new Map(), streamed: new Set() }
  const url = `https://127.0.0.1:${port}/EWS/Exchange.asmx`
  const authorization = `Basic ${Buffer.from(`mary@contoso.com:${password}`).toString('base64')}`
  const connect = (ca: string, who = 'mary'): RawEws => connectRaw({ url, ca, user: `${who}@contoso.com`, password, connections: 8 })
  try {
    for (let kill = 0; kill < kills; kill++) {
      const lab = await startLab(data, port, password)
      const ews = connect(lab.ca)
      if (kill === 0) assert.deepEqual(codesOf(await ews.call(forwarding)), ['NoError'])
      // What is made before the first watermark nobody tells.
      if (kill === 0) await beginWatch(ews, watched)
      const loads = [
        mailLoad(port + 1, ledger),
        mailLoad(port + 1, ledger),
        changeLoad(ews, random, ledger),
        changeLoad(ews, random, ledger),
        meetingLoad(ews, random, meetings),
        pullLoad(ews, watched),
        streamLoad(ews, { url, ca: lab.ca, authorization }, watched),
      ]
      await killUnder(lab, loads, 100 + random.below(1500))
      ews.close()
    }
    const lab = await startLab(data, port, password)
    const ews = connect(lab.ca)
    const mailed = await until(
      'every acknowledged message is delivered',
      async () => {
        const inbox = counts((await subjectsIn(ews, 'inbox')).filter((subject) => subject.startsWith('mail-')))
        return [...ledger.mailed].every((subject) => inbox.has(subject)) ? inbox : undefined
      },
      60,
    ).catch(async (error: unknown) => {
      const inbox = counts(await subjectsIn(ews, 'inbox'))
      assert.fail(
        `lost mail: ${[...ledger.mailed]
          .filter((subject) => !inbox.has(subject))
          .slice(0, 20)
          .join(', ')} (${String(error)})`,
      )
    })
    const rob = connect(lab.ca, 'rob')
    await forwardedOnce(rob, mailed)
    rob.close()
    const ann = connect(lab.ca, 'ann')
    await meetingsAgree(ews, ann, meetings)
    ann.close()
    const there = [...ledger.created, ...[...ledger.renamed].map((subject) => subject.replace('renamed-', ''))]
    await toldOnce(ews, watched, there.flatMap((subject) => ledger.ids.get(subject) ?? [])) // prettier-ignore
    const drafts = counts(await subjectsIn(ews, 'drafts'))
    const notes = counts(await subjectsIn(ews, 'notes'))
    const everywhere = new Map([...mailed, ...drafts].map(([subject, count]) => [subject, count + (notes.get(subject) ?? 0)]))
    const twice = [...everywhere, ...notes].filter(([subject, count]) => count > 1 && /^(mail|item|renamed)-/.test(subject))
    assert.deepEqual(twice, [], 'twice')
    const absent = (from: Map<string, number>, wanted: Set<string>): string[] => [...wanted].filter((subject) => !from.has(subject))
    assert.deepEqual(absent(drafts, ledger.created), [], 'created items lost')
    assert.deepEqual(absent(drafts, ledger.renamed), [], 'renamed items lost')
    assert.deepEqual(absent(notes, ledger.moved), [], 'moved items lost')
    assert.deepEqual(
      [...ledger.deleted].filter((subject) => drafts.has(subject)),
      [],
      'deleted items back',
    )
    assert.deepEqual(codesOf(await ews.call(createItem('after all'))), ['NoError'])
    ews.close()
    assert.equal(await lab.stop(), 0, 'a clean stop')
    const { mailed: m, created: c, renamed: r, moved: v, deleted: d } = ledger
    context.diagnostic(
      `${m.size} mailed, ${c.size} created, ${r.size} renamed, ${v.size} moved, ${d.size} deleted, ${meetings.made.size} meetings made, ${meetings.cancelled.size} cancelled, ${watched.pulled.size} pulled, ${watched.streamed.size} streamed, all as acknowledged`,
    )
    const check = await promisify(execFile)(process.execPath, [join(root, 'bin/isthmus'), 'store', 'check', '--data', data])
    context.diagnostic(check.stdout.trim().split('\n').slice(-3).join(' | '))
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
