/** What of a mailbox is found is counted, listed, copied, deleted and exported, and what a hold keeps stays. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { all, at, folderXml, idOf, itemXml, person, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'

const message = (subject: string) =>
  `<t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">From here\nFrom there</t:Body></t:Message>`
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code

for (const engine of quickEngines) {
  test(`a mailbox is searched, copied from and cleared, and exported (Search-Mailbox, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, ann] = [person(site), person(site, 'ann')]
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    for (const subject of ['plan 1', '=plan 2', 'other']) await mary.create(message(subject), { folder: 'inbox' })
    await mary.remove(itemXml(await mary.create(message('plan 3'), { folder: 'inbox' })), 'SoftDelete')
    const count = async (more: string) => (await run(`Search-Mailbox mary -SearchQuery 'subject:plan' -EstimateResultOnly ${more}`))[0]?.ResultItemsCount // prettier-ignore
    assert.deepEqual([await count(''), await count('-SearchDumpster $false'), await count('-SearchDumpsterOnly')], [3, 2, 1])

    // The list alone, then with copies: each is where it was as well.
    const into = '-TargetMailbox ann -TargetFolder Results'
    await run(`Search-Mailbox mary -SearchQuery 'subject:plan' ${into} -LogOnly`)
    const listed = await ann.done(`<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml('msgfolderroot')}</m:ParentFolderIds></m:FindFolder>`) // prettier-ignore
    const results = idOf(
      all(listed, 'RootFolder/Folders/Folder').find((one) => text(one, 'DisplayName') === 'Results'),
      'FolderId',
    )
    const subjects = async () => (await ann.find(results, { shape: 'Default' })).map((one) => text(one, 'Subject')).sort()
    assert.deepEqual(await subjects(), ['Mary Jensen: subject:plan'])
    const [list] = await ann.find(results)
    const attachment = idOf(at(await ann.get(idOf(list)), 'Attachments/FileAttachment'), 'AttachmentId')
    const got = await ann.done(
      `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${attachment.Id}"/></m:AttachmentIds></m:GetAttachment>`,
    )
    const csv = Buffer.from(text(got, 'Attachments/FileAttachment/Content') ?? '', 'base64').toString('utf8')
    // A subject is no formula.
    assert.match(csv, /"'=plan 2"/)
    assert.equal(csv.trim().split('\r\n').length, 4)
    await run(`Search-Mailbox mary -SearchQuery 'subject:plan' ${into} -LogLevel Suppress`)
    assert.equal((await subjects()).length, 1)
    assert.equal(await count(''), 3)

    const files = await run("Export-MailboxContent mary -SearchQuery 'subject:plan' -Format Mbox")
    assert.equal(files.length, 3)
    const box = files.map(({ FileData }) => Buffer.from(FileData as Uint8Array).toString('latin1')).join('')
    assert.equal(box.match(/^From MAILER-DAEMON /gm)?.length, 3)
    assert.equal(box.match(/^>From (here|there)/gm)?.length, 6)
    const [eml] = await run("Export-MailboxContent mary -SearchQuery 'subject:other'")
    assert.match(Buffer.from(eml?.FileData as Uint8Array).toString('latin1'), /^Subject: other\r$/m)

    // Deleted, what a hold keeps lies in Recoverable Items alone.
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false -LitigationHoldEnabled $true')
    await run("Search-Mailbox mary -SearchQuery 'subject:plan' -DeleteContent")
    assert.deepEqual([await count(''), await count('-SearchDumpster $false')], [3, 0])
    await run('Set-Mailbox mary -LitigationHoldEnabled $false')
    await run("Search-Mailbox mary -SearchQuery 'subject:plan' -DeleteContent")
    assert.equal(await count(''), 0)
    assert.equal(text(await mary.getFolder('inbox'), 'TotalCount'), '1')

    for (const line of [
      'Search-Mailbox mary',
      'Search-Mailbox mary -TargetMailbox ann',
      'Search-Mailbox mary -LogOnly -DeleteContent',
      'Search-Mailbox mary -LogLevel Full -EstimateResultOnly',
      'Search-Mailbox mary -TargetMailbox ann -TargetFolder X -LogOnly -LogLevel Suppress',
      'Search-Mailbox mary -TargetMailbox mary -TargetFolder X',
    ])
      await assert.rejects(run(line), refused('InvalidParameter'), line)
  })
}
