/** Exactly one copy, whichever way it came to lie there: the client that saves for itself, before or after, and the one that hands in twice. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { createFolder, createItem, ews, itemId, made, mail, named } from '../hostile/attack.ts'
import { quickEngines } from '../support/engines.ts'
import type { Store } from '#store'
import { startTestSite, type TestSite } from '../support/site.ts'
import { arrived, inFolder, parts, run, seen, sendByEws, sendBySmtp, sentItemsOf, submit } from './desk.ts'

const desk = 'desk@contoso.com'
const copy = { from: desk, sender: 'rob@contoso.com', isRead: true }

/** A shared mailbox that Rob opens and sends as, and that keeps copies. */
async function withDesk(site: TestSite): Promise<void> {
  await run(site, 'New-Mailbox -Name desk -Alias desk -Shared')
  await run(site, 'Add-MailboxPermission desk -User rob -AccessRights FullAccess')
  await run(site, 'Add-RecipientPermission desk -Trustee rob -AccessRights SendAs')
  await run(site, 'Set-Mailbox desk -MessageCopyForSentAsEnabled $true')
}

const textOf = (subject: string, body: string, more = '') =>
  `From: ${desk}\r\nTo: ann@contoso.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replaceAll(' ', '.')}@contoso.com>\r\n` +
  `Date: Sat, 28 Nov 2026 09:00:00 +0000\r\n${more}\r\n${body}\r\n`
/** What a client appends: the message as it wrote it, in a folder. */
const append = (text: string, folder: string, more = '') =>
  createItem(
    folder,
    `<t:Message><t:MimeContent CharacterSet="UTF-8">${Buffer.from(text).toString('base64')}</t:MimeContent>${more}</t:Message>`,
  )
const handIn = (site: TestSite, text: string) => submit(site, 'rob', { raw: text, envelope: { from: desk, to: 'ann@contoso.com' } })
const kept = async (site: TestSite, subject: string, folder = 'sentitems') => (await inFolder(site, 'desk', folder, subject)).map(seen)

for (const engine of quickEngines) {
  test(`source R9: one copy when the client saves one there itself (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    const codes = await sendByEws(site, 'rob', { from: desk, to: 'ann@contoso.com', subject: 'Saved there' }, sentItemsOf(desk))
    assert.deepEqual(codes, ['NoError'])
    assert.deepEqual(await kept(site, 'Saved there'), [copy])
    assert.deepEqual(await inFolder(site, 'rob', 'sentitems', 'Saved there'), [])

    // A draft of the mailbox itself, which is sent from there.
    const draft = await made(site, 'rob', createItem(named('drafts', desk), mail('From its drafts', parts({ from: desk, to: 'ann@contoso.com' })))) // prettier-ignore
    const send = `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemId(draft)}</m:ItemIds></m:SendItem>`
    assert.deepEqual((await ews(site, 'rob', send)).codes, ['NoError'])
    assert.deepEqual(await kept(site, 'From its drafts'), [copy])

    const after = textOf('Appended after', 'Words of it.')
    await handIn(site, after)
    const [answer] = (await inFolder(site, 'desk', 'sentitems', 'Appended after')).map((one) => one.internetMessageId)
    assert.equal(answer, '<Appended.after@contoso.com>')
    const categories = '<t:Categories><t:String>Mine</t:String></t:Categories>'
    const appended = await ews(site, 'rob', append(after, sentItemsOf(desk), categories))
    assert.deepEqual([appended.codes, appended.items.length], [['NoError'], 1])
    assert.deepEqual(await kept(site, 'Appended after'), [copy])
    assert.deepEqual((await inFolder(site, 'desk', 'sentitems', 'Appended after'))[0]?.categories, ['Mine'])

    const before = textOf('Appended before', 'Words of it.', 'Bcc: mary@contoso.com\r\n')
    await made(site, 'rob', append(before, sentItemsOf(desk)))
    await handIn(site, before)
    const [first, ...more] = await kept(site, 'Appended before')
    assert.deepEqual([first?.sender, more], [copy.sender, []])
    const arrivals = ['Saved there', 'From its drafts', 'Appended after', 'Appended before']
    for (const subject of arrivals) assert.equal((await arrived(site, 'ann', subject)).length, 1, subject)
  })

  test(`source R9: one copy however many of its Message-ID lie elsewhere (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    const text = textOf('Often there', 'Words of it.')
    for (let n = 0; n < 25; n++) await made(site, 'rob', append(text, named('inbox', desk)))
    await handIn(site, text)
    assert.deepEqual((await ews(site, 'rob', append(text, sentItemsOf(desk)))).codes, ['NoError'])
    assert.deepEqual(await kept(site, 'Often there'), [copy])
  })

  test(`source R9: one copy wherever the client saves, though the mailbox has chosen another folder (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    await run(site, "New-MailboxFolder Outgoing -Parent 'desk:\\'")
    await run(site, 'Set-MailboxMessageConfiguration desk -SaveSentItemsTo Outgoing')
    const both = async (subject: string) => [...(await kept(site, subject)), ...(await kept(site, subject, '\\Outgoing'))]
    await sendByEws(site, 'rob', { from: desk, to: 'ann@contoso.com', subject: 'In Sent Items' }, sentItemsOf(desk))
    const appended = textOf('Appended to Sent Items', 'Words of it.')
    await handIn(site, appended)
    assert.deepEqual((await ews(site, 'rob', append(appended, sentItemsOf(desk)))).codes, ['NoError'])
    await sendByEws(site, 'rob', { from: desk, to: 'ann@contoso.com', subject: 'In my own' })
    for (const subject of ['In Sent Items', 'Appended to Sent Items', 'In my own']) assert.deepEqual(await both(subject), [copy], subject)
    assert.deepEqual(await kept(site, 'In my own', '\\Outgoing'), [copy])
    // The folder goes: copies are where people look for them.
    const { row } = await site.mailboxes.sentItemsFolder(await site.caller('rob'), (await site.directory.find(desk))!.mailbox)
    assert.equal(row.name, 'Outgoing')
    await site.mailboxes.deleteFolder(await site.caller('rob'), { mailbox: row.mailbox, id: row.id }, 'MoveToDeletedItems')
    await sendByEws(site, 'rob', { from: desk, to: 'ann@contoso.com', subject: 'After it went' })
    assert.deepEqual(await kept(site, 'After it went'), [copy])
  })

  test(`source R9: a message that is handed in again is kept once, another under its Message-ID is kept too (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    // The answer was lost, with the server or on the way: the client hands in what the server has on disk.
    const text = textOf('Again', 'Words of it.')
    await handIn(site, text)
    await handIn(site, text)
    assert.deepEqual(await kept(site, 'Again'), [copy])
    // Nobody hides what they send behind what they have sent, in whichever part it is another message.
    const others = [
      textOf('Again', 'Other words.'),
      text.replace('To: ann', 'To: mary'),
      textOf('Again', 'Words of it.').replace('Subject: Again', 'Subject: Once more'),
    ]
    for (const other of others) await handIn(site, other)
    assert.equal((await kept(site, 'Again')).length, 3)
    assert.equal((await kept(site, 'Once more')).length, 1)
    // The words are the same, what the link leads to is not.
    const linked = (to: string) =>
      textOf('Linked', `<p>Look <a href="https://${to}/">here</a>.</p>`, 'MIME-Version: 1.0\r\nContent-Type: text/html\r\n')
    for (const to of ['contoso.com', 'contoso.com', 'fabrikam.com']) await handIn(site, linked(to))
    assert.equal((await kept(site, 'Linked')).length, 2)
    // The bytes are the same, what they mean is not.
    const encoded = (how: string) => textOf('Encoded', 'UGF5IHRoZW0=', `MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: ${how}\r\n`) // prettier-ignore
    for (const how of ['7bit', '7bit', 'base64']) await handIn(site, encoded(how))
    assert.equal((await kept(site, 'Encoded')).length, 2)
    // Nor is it where only a program reads it.
    const invitation = (day: number) =>
      textOf('Invited', '', 'MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST\r\n') +
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20330101T000000Z\r\nDTSTART:2030030${day}T200000Z\r\nSUMMARY:Invited\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
    for (const day of [4, 4, 5]) await handIn(site, invitation(day))
    assert.equal((await kept(site, 'Invited')).length, 2)
    // Nor does what a client appends take the place of what was sent.
    assert.deepEqual((await ews(site, 'rob', append(textOf('Again', 'Harmless words.'), sentItemsOf(desk)))).codes, ['NoError'])
    assert.equal((await kept(site, 'Again')).length, 4)
  })

  test(`source R9: two who represent each other keep one copy each, and nothing goes round (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    for (const [owner, other] of [['mary', 'rob'], ['rob', 'mary']]) {
      await run(site, `Add-RecipientPermission ${owner} -Trustee ${other} -AccessRights SendAs`)
      await run(site, `Set-Mailbox ${owner} -GrantSendOnBehalfTo ${other} -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled $true`)
    } // prettier-ignore
    await Promise.all([
      sendByEws(site, 'rob', { from: 'mary@contoso.com', to: 'rob@contoso.com', subject: 'Rob as Mary' }),
      sendByEws(site, 'mary', { from: 'rob@contoso.com', to: 'mary@contoso.com', subject: 'Mary as Rob' }),
      sendBySmtp(site, 'rob', { from: 'mary@contoso.com', to: 'mary@contoso.com', subject: 'Rob as Mary, to her' }),
    ])
    await arrived(site, 'rob', 'Rob as Mary')
    await arrived(site, 'mary', 'Mary as Rob')
    await arrived(site, 'mary', 'Rob as Mary, to her')
    const count = async (owner: string, subject: string) => (await inFolder(site, owner, 'sentitems', subject)).length
    const counted = await Promise.all(['Rob as Mary', 'Mary as Rob', 'Rob as Mary, to her'].map(async (subject) => [await count('mary', subject), await count('rob', subject)])) // prettier-ignore
    assert.deepEqual(counted, [[1, 1], [1, 1], [1, 0]]) // prettier-ignore
    assert.equal((await inFolder(site, 'mary', 'inbox', 'Rob as Mary, to her')).length, 1)
  })

  test(`source R9: an EWS client says where sent items are saved, by an entry id on the top folder (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    const folder = await made(site, 'rob', createFolder(named('msgfolderroot', desk), 'Theirs'))
    const converted = await ews(site, 'rob', `<m:ConvertId DestinationFormat="EntryId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${folder}" Mailbox="${desk}"/></m:SourceIds></m:ConvertId>`) // prettier-ignore
    const entryId = /<m:AlternateId[^>]* Id="([^"]+)"/.exec(converted.body)?.[1]
    assert.ok(entryId, converted.body)
    const uri = '<t:ExtendedFieldURI PropertyTag="0x35E4" PropertyType="Binary"/>'
    const change = (what: string) =>
      `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${named('msgfolderroot', desk)}<t:Updates>${what}</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`
    const set = `<t:SetFolderField>${uri}<t:Folder><t:ExtendedProperty>${uri}<t:Value>${entryId}</t:Value></t:ExtendedProperty></t:Folder></t:SetFolderField>`
    assert.deepEqual((await ews(site, 'rob', change(set))).codes, ['NoError'])
    const said = async () => (await run(site, 'Get-MailboxMessageConfiguration desk'))[0]?.SaveSentItemsTo
    assert.equal(await said(), 'Theirs')
    await sendByEws(site, 'rob', { from: desk, to: 'ann@contoso.com', subject: 'Into theirs' })
    assert.deepEqual([await kept(site, 'Into theirs', '\\Theirs'), await kept(site, 'Into theirs')], [[copy], []])
    assert.deepEqual((await ews(site, 'rob', change(`<t:DeleteFolderField>${uri}</t:DeleteFolderField>`))).codes, ['NoError'])
    assert.equal(await said(), 'Sent Items')
    // By cmdlet, in each of the ways in which a folder is named; one of another mailbox is refused.
    const [{ FolderId } = {}] = await run(site, "Get-MailboxFolder 'desk:\\Theirs'")
    for (const name of ['Theirs', '\\Theirs', 'desk:\\Theirs', String(FolderId)]) {
      await run(site, `Set-MailboxMessageConfiguration desk -SaveSentItemsTo '${name}'`)
      assert.equal(await said(), 'Theirs', name)
      await run(site, 'Set-MailboxMessageConfiguration desk -SaveSentItemsTo $null')
      assert.equal(await said(), 'Sent Items')
    }
    const refused: [string, RegExp][] = [['mary:\\Inbox', /must be a folder of desk/], ['Nowhere', /no folder/], ['Calendar', /mail folder of the same mailbox/]] // prettier-ignore
    for (const [name, says] of refused)
      await assert.rejects(run(site, `Set-MailboxMessageConfiguration desk -SaveSentItemsTo '${name}'`), says)
  })
}

for (const engine of quickEngines) {
  test(`source R9: whether it is the same message is known without reading one within a write (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    const read: string[] = []
    const { write } = site.store
    const watched: Store['write'] = (body) =>
      write((tx) => {
        const get: typeof tx.blobs.get = (...one) => (read.push(one[1]), tx.blobs.get(...one))
        return body({ ...tx, blobs: { ...tx.blobs, get } })
      })
    Object.assign(site.store, { write: watched })
    const words = 'A long message. '.repeat(5000)
    const before = textOf('Saved before', words)
    await made(site, 'rob', append(before, sentItemsOf(desk)))
    await handIn(site, before)
    const after = textOf('Saved after', words)
    await handIn(site, after)
    assert.deepEqual((await ews(site, 'rob', append(after, sentItemsOf(desk)))).codes, ['NoError'])
    // Another one behind the same Message-ID is told apart as well.
    await handIn(site, after.replace('A long', 'Another'))
    assert.deepEqual([(await kept(site, 'Saved before')).length, (await kept(site, 'Saved after')).length], [1, 2])
    assert.deepEqual(read, [])
  })

  test(`source R9: a message is digested where sent ones are saved alone, in pieces that tear no character (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    await withDesk(site)
    const { mailbox } = (await site.directory.find(desk, site.organisation.id))!
    // More than two pieces of a million characters, whose ends fall between the halves of one.
    const words = `x${'\u{1f600} '.repeat(300_000)}${'\u{1f600}'.repeat(600_000)}`
    const text = textOf('Of pieces', words, 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n')
    const digestsIn = async (kind: string) =>
      site.store.read(async (tx) => {
        const folder = (await tx.folders.byKind(mailbox, kind))!
        const [row] = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [{ column: 'id', descending: true }], limit: 1 }) // prettier-ignore
        return row?.properties.$content as { mime: string } | undefined
      })
    await made(site, 'rob', append(text, named('drafts', desk)))
    assert.equal(await digestsIn('drafts'), undefined)
    await made(site, 'rob', append(text, sentItemsOf(desk)))
    const sent = (await digestsIn('sentitems')) as { mime: string; text: string }
    const without = (content: string) => content.replaceAll(/\s+/g, '')
    const sha = (content: string) => createHash('sha256').update(content).digest('base64url')
    const bytes = Buffer.from(text)
    assert.equal(sent.mime, sha(without(bytes.toString('latin1', bytes.indexOf('\r\n\r\n') + 4))))
    assert.equal(sent.text, sha(`Text ${without(words)}`))
  })
}
