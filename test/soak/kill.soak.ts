/**
 * Kills a server (SIGKILL) at random moments under SMTP and EWS load. Whatever was acknowledged must be there exactly once, and
 * the store must be sound. KILLS and SOAK_SEED set how often and with which dice.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { codesOf, connectRaw, idsOf, succeeded, textsOf, type RawEws } from '../clients/raw-ews.ts'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { until } from '../clients/until.ts'
import { dice, type Dice } from '../fuzz/mutate.ts'
import { root } from '../house/sources.ts'
import { freePortRun } from '../peers/programs.ts'
import { startLab, type LabProcess } from './lab-process.ts'

const kills = Number(process.env.KILLS ?? 20)
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31)
const password = 'Soak!2026'

/** What the clients were told. A thing that was asked for and not answered may or may not have happened, but never twice. */
interface Ledger {
  mailed: Set<string>
  created: Set<string>
  /** Subject now → ids are not kept, for a subject is unique. */
  renamed: Set<string>
  moved: Set<string>
  deleted: Set<string>
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

/** Subjects of a whole folder, page by page. */
async function subjectsIn(ews: RawEws, folder: string): Promise<string[]> {
  const subjects: string[] = []
  for (let offset = 0; ; offset += 500) {
    const answer = succeeded(
      await ews.call(
        `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape>` +
          `<m:IndexedPageItemView MaxEntriesReturned="500" Offset="${offset}" BasePoint="Beginning"/><m:ParentFolderIds><t:DistinguishedFolderId Id="${folder}"/></m:ParentFolderIds></m:FindItem>`,
      ),
    )
    subjects.push(...textsOf(answer, 't:Subject'))
    if (/IncludesLastItemInRange="true"/.test(answer)) return subjects
  }
}

function counts(subjects: string[]): Map<string, number> {
  const counted = new Map<string, number>()
  for (const subject of subjects) counted.set(subject, (counted.get(subject) ?? 0) + 1)
  return counted
}

/** Ends quietly when the server is gone; anything the living server said wrong is a finding. */
async function untilGone(load: Promise<void>, lab: LabProcess): Promise<void> {
  try {
    await load
  } catch (error) {
    if (lab.child.exitCode === null && lab.child.signalCode === null && !lab.child.killed) throw error
  }
}

test(`${kills} kills under load lose nothing and repeat nothing`, { timeout: 900_000 }, async (context) => {
  context.diagnostic(`SOAK_SEED=${seed}`)
  const random = dice(seed)
  const data = await mkdtemp(join(tmpdir(), 'isthmus-soak-'))
  const port = await freePortRun(3)
  const ledger: Ledger = { mailed: new Set(), created: new Set(), renamed: new Set(), moved: new Set(), deleted: new Set(), next: 0 }
  const connect = (ca: string, who = 'mary'): RawEws =>
    connectRaw({ url: `https://127.0.0.1:${port}/EWS/Exchange.asmx`, ca, user: `${who}@contoso.com`, password })
  try {
    for (let kill = 0; kill < kills; kill++) {
      const lab = await startLab(data, port, password)
      const ews = connect(lab.ca)
      if (kill === 0) assert.deepEqual(codesOf(await ews.call(forwarding)), ['NoError'])
      const loads = [
        mailLoad(port + 1, ledger),
        mailLoad(port + 1, ledger),
        changeLoad(ews, random, ledger),
        changeLoad(ews, random, ledger),
      ]
      const watched = loads.map((load) => untilGone(load, lab))
      const failure = Promise.race(
        watched.map((load) =>
          load.then(
            () => undefined,
            (error: unknown) => error,
          ),
        ),
      )
      const early = await Promise.race([failure, pause(100 + random.below(1500)).then(() => undefined)])
      await lab.kill()
      ews.close()
      if (early) throw early
      await Promise.all(watched)
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
    context.diagnostic(`${m.size} mailed, ${c.size} created, ${r.size} renamed, ${v.size} moved, ${d.size} deleted, all as acknowledged`)
    const check = await promisify(execFile)(process.execPath, [join(root, 'bin/isthmus'), 'store', 'check', '--data', data])
    context.diagnostic(check.stdout.trim().split('\n').slice(-3).join(' | '))
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
