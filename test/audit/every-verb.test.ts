/** Each verb on a mailbox × each way to come to it: an entry of the audit log, or the reason why there is none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditableBy } from '#mailbox'
import { people } from '../mailbox/people.ts'
import { quickEngines } from '../support/engines.ts'
import { verbRows, type Desk } from './verbs.ts'

const day = 86_400_000
const logons = ['Owner', 'Delegate', 'Admin'] as const

for (const engine of quickEngines) {
  test(`what is done in a mailbox is written down, whichever verb does it and whoever does it (issue 6 point 5, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, directory, organisation, mary, rob, ann, clock, system } = site
    await directory.update(organisation, mary.recipient.id, () => ({
      ...{ fullAccess: [rob.recipient.id], sendAs: [rob.recipient.id], archive: { mailbox: crypto.randomUUID(), name: 'Archive' } },
      kept: Object.fromEntries(logons.map((logon) => [`Audit${logon}`, auditableBy[logon]])),
    }))
    await mailboxes.provisionArchive((await directory.recipient(organisation, mary.recipient.id))!)
    const comes = {
      Owner: mary.caller,
      Delegate: rob.caller,
      Admin: { ...mary.caller, actor: { recipient: ann.recipient.id, address: ann.caller.address } },
    }
    const { mailbox } = mary
    assert.deepEqual(Object.keys(verbRows).sort(), Object.keys(mailboxes).sort())
    const wrong: string[] = []
    for (const [verb, row] of Object.entries(verbRows)) {
      if ('none' in row) continue
      for (const logon of logons) {
        // Looking in is written down once a day.
        clock.now += day + 1
        const desk: Desk = { mailboxes, organisation, system, ann, clock, by: comes[logon], mailbox }
        const made = (await row.ready?.(desk)) as never
        const since = clock.now
        await row.act(desk, made)
        const { records } = await mailboxes.auditRecords(system, { mailbox, start: since, limit: 100 })
        const written = records.map((record) => record.operation).sort()
        const looked = verb === 'searchMailbox' || verb === 'everythingFound' ? [...new Set(written)] : written
        const { writes } = row
        const all = 'Owner' in writes ? writes[logon] : writes
        const expected = all.filter((action) => auditableBy[logon].includes(action)).sort()
        if (looked.join() !== expected.join()) wrong.push(`${verb} by ${logon}: ${looked.join()} instead of ${expected.join()}`)
        assert.ok(records.every((record) => record.logon === logon), verb) // prettier-ignore
      }
    }
    assert.deepEqual(wrong, [])
    assert.deepEqual((await site.store.check()).findings, [])
  })
}
