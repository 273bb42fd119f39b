/** Operations that mostly say what is not there, asked for by ews-javascript-api. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { EmailMessage, FolderId, WellKnownFolderName, type ExchangeService } from 'ews-javascript-api'
import { connectEwsJs } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'

let site: PeerSite
let mary: ExchangeService

describe('ews-javascript-api: archive, apps, tags, password', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connectEwsJs(site, site.mary)
  })
  after(() => site.close())

  test('[MS-OXWSARCH] 3.1.4.1 an item is not archived, and the client hears why', async () => {
    const message = new EmailMessage(mary)
    message.Subject = 'Js old'
    await message.Save(WellKnownFolderName.Inbox)
    const answers = await mary.ArchiveItems([message.Id], new FolderId(WellKnownFolderName.Inbox))
    assert.match(String(answers.Responses[0]?.ErrorMessage), /archive/)
  })

  test('[MS-OXWSPED] 3.1.4.1, [MS-OXWSCDATA] 2.2.4 the password never ends, tags are none', async () => {
    const date = await mary.GetPasswordExpirationDate(site.mary)
    assert.equal(new Date(date.TotalMilliSeconds).getUTCFullYear(), 9999)
    assert.equal((await mary.GetUserRetentionPolicyTags()).RetentionPolicyTags.length, 0)
    // The client cannot read the list of apps when it is empty, though the schema allows it: it takes an empty element for none.
    await assert.rejects(mary.GetAppManifests(), /Manifests/)
  })
})
