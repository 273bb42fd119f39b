/** What Evolution-EWS stumbled over, one test a fault. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { at, deleteXml, names, person, text, type Person } from '../requirements/person.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

let site: TestSite
let mary: Person

before(async () => {
  site = await startTestSite()
  mary = person(site)
})
after(() => site.close())

test('deleting the times of a flag that is not set sets none', async () => {
  const id = await mary.create('<t:Message><t:Subject>Plain</t:Subject></t:Message>')
  const after = await mary.update(
    id,
    [
      'PropertyTag="4240" PropertyType="Integer"',
      'PropertyTag="4241" PropertyType="SystemTime"',
      'DistinguishedPropertySetId="Task" PropertyId="33028" PropertyType="SystemTime"',
      'DistinguishedPropertySetId="Task" PropertyId="33029" PropertyType="SystemTime"',
    ]
      .map((property) => deleteXml(`<t:ExtendedFieldURI ${property}/>`))
      .join(''),
  )
  assert.equal(text(await mary.get(after), 'Flag/FlagStatus'), 'NotFlagged')
})

test('an out-of-office reply that nobody has written is an empty message', async () => {
  const answer = await mary.whole(
    '<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>mary@contoso.com</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>',
  )
  for (const reply of ['InternalReply', 'ExternalReply']) {
    assert.deepEqual(names(at(answer, `OofSettings/${reply}`)), ['Message'])
    assert.equal(text(answer, `OofSettings/${reply}/Message`), '')
  }
})
