import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import {
  CreateAttachment,
  CreateItem,
  FindItem,
  GetNonIndexableItemDetails,
  GetNonIndexableItemStatistics,
  type BaseFolderId,
  type EwsAttachment,
  type EwsItem,
} from '#schema'
import { createExtractor } from '../../src/mailbox/text/extractor.ts'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const inbox: BaseFolderId = { is: 'DistinguishedFolderId', value: { Id: 'inbox' } }

/** A ZIP archive of deflated entries. `claimed` lies about the size. */
function zip(files: Record<string, string>): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const content = deflateRawSync(Buffer.from(text))
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(8, 8)
    local.writeUInt32LE(content.length, 18)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(content.length, 20)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    parts.push(local, Buffer.from(name), content)
    directory.push(entry, Buffer.from(name))
    at += 30 + name.length + content.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, listed, end])
}

const docx = zip({ 'word/document.xml': '<w:document xmlns:w="w"><w:p><w:r><w:t>Quart</w:t></w:r><w:r><w:t>alszahlen</w:t></w:r></w:p><w:p><w:t>end</w:t></w:p></w:document>' }) // prettier-ignore
const pdf = readFileSync(new URL('./files/two-pages-by-chromium.pdf', import.meta.url))
const xlsx = zip({ 'xl/sharedStrings.xml': '<sst xmlns="s"><si><t>Umsatz</t></si><si><t>Kosten</t></si></sst>' })
const odt = zip({ 'content.xml': '<office:document xmlns:office="o" xmlns:text="t"><text:p>Wanderweg <text:span>Karte</text:span></text:p></office:document>' }) // prettier-ignore

for (const engine of quickEngines) {
  test(`[MS-OXWSEDISC] 3.1.4.3 and 3.1.4.4: items are found by what their attachments say, and those that cannot be read are listed (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const make = async (subject: string, files: [string, string, Buffer][]): Promise<void> => {
      const Items: EwsItem[] = [{ kind: 'post', properties: { subject } }]
      const [item] = only(await mary.call(CreateItem, { SavedItemFolderId: { Folder: inbox }, Items })).Items
      const Attachments = files.map(([Name, ContentType, Content]): EwsAttachment => ({ is: 'FileAttachment', Name, ContentType, Content: Content.toString('base64') })) // prettier-ignore
      const ParentItemId = item?.properties.itemId as unknown as { Id: string; ChangeKey: string }
      assert.deepEqual(codes(await mary.call(CreateAttachment, { ParentItemId, Attachments })), files.map(() => 'NoError')) // prettier-ignore
    }
    await make('plain', [['notes.txt', 'text/plain', Buffer.from('Fröhliche Weihnachten')]])
    await make('web', [['page.html', 'text/html', Buffer.from('<p>Sonnen<b>schein</b></p><script>geheim</script>')]])
    await make('word', [['report.docx', 'application/octet-stream', docx]])
    await make('letter', [['letter.pdf', 'application/pdf', pdf]])
    await make('sheet', [['a.xlsx', 'application/octet-stream', xlsx], ['b.odt', '', odt]]) // prettier-ignore
    await make('broken', [['broken.docx', 'application/octet-stream', docx.subarray(0, 90)], ['image.png', 'image/png', Buffer.from('Weihnachten')]]) // prettier-ignore
    const find = async (Text: string, client: EwsClient = mary) => {
      const { RootFolder } = only(await client.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'Default' }, ParentFolderIds: [inbox], QueryString: { Text } })) // prettier-ignore
      return RootFolder?.Found.is === 'Items' ? RootFolder.Found.value.map(({ properties }) => properties.subject).sort() : []
    }
    // Names at once, what is in them when the job has run.
    assert.deepEqual(await find('attachment:notes'), ['plain'])
    // Versions of the posts wait beside them.
    assert.ok((await site.store.read((tx) => tx.text.lag())).waiting >= 6)
    await site.jobs.runDue()
    assert.deepEqual((await site.store.read((tx) => tx.text.lag())).waiting, 0)
    const rows: [string, string[]][] = [
      ['weihnachten', ['plain']],
      ['attachment:frohliche', ['letter', 'plain']],
      ['body:weihnachten', []],
      ['sonnen', ['web']],
      ['geheim', []],
      ['quartalszahlen', ['word']],
      ['übergrößen quartalsbericht', ['letter']],
      ['kesselwagen', ['letter']],
      ['umsatz karte', ['sheet']],
      ['subject:broken', ['broken']],
      ['attachment:report.docx', ['word']],
    ]
    for (const [query, expected] of rows) assert.deepEqual(await find(query), expected, query)

    const name = site.people.mary?.legacyExchangeDn ?? ''
    const statistics = only([await mary.call(GetNonIndexableItemStatistics, { Mailboxes: [name] })]).NonIndexableItemStatistics
    // The item, and the version of it from between its two attachments.
    assert.deepEqual(statistics?.map(({ Mailbox, ItemCount }) => [Mailbox, ItemCount]), [[name, 2]]) // prettier-ignore
    const details = only([await mary.call(GetNonIndexableItemDetails, { Mailboxes: [name] })]).NonIndexableItemDetailsResult
    assert.match(details?.Items?.map(({ ErrorDescription }) => ErrorDescription).join() ?? '', /^broken\.docx: /)
    const rob = ewsClient(site, 'rob')
    assert.deepEqual(codes([await rob.call(GetNonIndexableItemStatistics, { Mailboxes: [name] })]), ['ErrorAccessDenied'])
  })
}

test('files are read within bounds: bombs, endless ones and damage give no text', async () => {
  const extractor = createExtractor()
  const read = async (name: string, bytes: Uint8Array) => extractor.read({ name, contentType: '', bytes })
  const problem = async (name: string, bytes: Uint8Array) => 'problem' in (await read(name, bytes))
  assert.ok(await problem('bomb.docx', zip({ 'word/document.xml': `<w:t>${' '.repeat(40_000_000)}</w:t>` })))
  assert.ok(await problem('entity.docx', zip({ 'word/document.xml': '<!DOCTYPE a [<!ENTITY b "c">]><w:t xmlns:w="w">&b;</w:t>' })))
  assert.ok(await problem('a.pdf', Buffer.from('%PDF-1.7')))
  assert.ok(await problem('none.docx', Buffer.from('text')))
  for (let cut = 0; cut < docx.length; cut += 7) await read('cut.docx', docx.subarray(0, cut))
  for (let cut = 0; cut < pdf.length; cut += 997) await read('cut.pdf', pdf.subarray(0, cut))
  assert.match(JSON.stringify(await read('good.pdf', pdf)), /Fröhliche Übergrößen im Quartalsbericht\\n+Zweite Seite: Kesselwagen/)
  assert.deepEqual(await read('good.docx', docx), { text: 'Quartalszahlen end ' })
  // A process without memory ends by itself, and nobody else with it.
  const { problem: why } = (await createExtractor({ memory: 1 }).read({ name: 'a.txt', contentType: '', bytes: Buffer.from('x') })) as { problem: string } // prettier-ignore
  assert.match(why, /^the reading process ended/)
  assert.deepEqual(await createExtractor({ time: 1 }).read({ name: 'slow.txt', contentType: '', bytes: Buffer.from('x') }), { problem: 'reading it takes longer than 1 ms' }) // prettier-ignore
})
