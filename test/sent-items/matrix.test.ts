/** The sent-items matrix over the site's own listeners; `test/peers/sent-items.peer.ts` drives the same table with clients of others. */
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, inFolder, seen, sendByEws, sendBySmtp } from './desk.ts'
import { checkRow, customFolder, makeDelegators, rows } from './table.ts'

for (const engine of quickEngines) {
  test(`source R9: the sent-items matrix (${engine.name})`, async (context) => {
    await using site = await startTestSite({ engine })
    await makeDelegators(site)
    for (const row of rows) {
      await context.test(row.name, async () => {
        const { address, alias, folder, over, name } = row
        const letter = { from: address, to: 'ann@contoso.com', subject: name }
        await (over === 'EWS' ? sendByEws(site, 'rob', letter) : sendBySmtp(site, 'rob', letter))
        // What is kept lies there once the message is taken; only that it arrives takes its time.
        checkRow(row, {
          delegatorSentItems: (await inFolder(site, alias, 'sentitems', name)).map(seen),
          delegatorCustom: folder === 'custom' ? (await inFolder(site, alias, `\\${customFolder}`, name)).map(seen) : [],
          ownSentItems: (await inFolder(site, 'rob', 'sentitems', name)).map(seen),
          received: (await arrived(site, 'ann', name)).map(seen),
        })
      })
    }
  })
}
