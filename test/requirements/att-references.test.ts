import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeText, type XmlElement } from '#wire'
import { writeRecords } from '../../src/mailbox/transfer/records.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { attach, attachmentId, attachmentIn, attachXml, deleteAttachmentXml, getAttachment, getAttachmentXml, listed } from './attaching.ts'
import { arrived, at, idOf, itemXml, names, person, text, type Person } from './person.ts'

const link = {
  AttachLongPathName: 'https://files.contoso.com/plan.docx?a=1&b="2"',
  ProviderType: 'OneDrivePro',
  ProviderEndpointUrl: 'https://files.contoso.com/api',
  AttachmentThumbnailUrl: 'https://files.contoso.com/plan.png',
  AttachmentPreviewUrl: 'https://files.contoso.com/plan.html',
  PermissionType: '2',
  AttachmentIsFolder: 'false',
}
const referenceXml = (name: string, of: Partial<typeof link> = link) =>
  `<t:ReferenceAttachment><t:Name>${name}</t:Name>${Object.entries(of)
    .map(([element, value]) => `<t:${element}>${escapeText(value)}</t:${element}>`)
    .join('')}</t:ReferenceAttachment>`
const said = (attachment: XmlElement | undefined) =>
  Object.fromEntries(names(attachment).flatMap((name) => (name in link ? [[name, text(attachment, name)]] : [])))
const draft = (who: Person, inside = '') =>
  who.create(`<t:Message><t:Subject>linked</t:Subject>${inside}</t:Message>`, { folder: 'drafts' })

for (const engine of quickEngines) {
  test(`a file that lies elsewhere (${engine.name}): MS-OXWSATT_R318011 _R38001 _R38002 _R104005 _R104006 _R104007 _R104008 _R104009 _R104010 _R104011 _R104012 _R104013 _R104014 _R104015 _R104016 _R104017 _R104018`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parent = await draft(mary)
    const made = await attach(mary, parent, referenceXml('plan.docx'))
    assert.equal(made.name, 'ReferenceAttachment')
    const read = await getAttachment(mary, attachmentId(made))
    assert.equal(read.name, 'ReferenceAttachment')
    assert.equal(text(read, 'Name'), 'plan.docx')
    assert.deepEqual(said(read), link)
    const [seen, ...more] = listed(await mary.get(parent))
    assert.equal(more.length, 0)
    assert.equal(seen?.name, 'ReferenceAttachment')
    assert.deepEqual(said(seen), link, 'as the item lists it')
    const folder = { ...link, AttachLongPathName: 'https://files.contoso.com/plans', AttachmentIsFolder: 'true', PermissionType: '-1' }
    const other = await draft(mary, `<t:Attachments>${referenceXml('plans', folder)}${referenceXml('bare', {})}</t:Attachments>`)
    assert.deepEqual(listed(await mary.get(other)).map(said), [folder, {}], 'made with the item')
    assert.deepEqual(await mary.codes(deleteAttachmentXml(attachmentId(made))), ['NoError'])
    assert.deepEqual(await mary.codes(getAttachmentXml([attachmentId(made)])), ['ErrorInvalidAttachmentId'])
    assert.deepEqual(listed(await mary.get(idOf(await mary.get(parent)))), [])
  })

  test(`links go with the item, copied, exported, attached and sent (${engine.name}): MS-OXWSATT_R38002 _R104006 _R104008`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const parent = await draft(mary, `<t:Attachments>${referenceXml('plan.docx')}</t:Attachments>`)
    const copy = await mary.done(
      `<m:CopyItem><m:ToFolderId><t:DistinguishedFolderId Id="notes"/></m:ToFolderId><m:ItemIds>${itemXml(parent)}</m:ItemIds></m:CopyItem>`,
    )
    assert.deepEqual(listed(await mary.get(idOf(at(copy, 'Items/Message')))).map(said), [link])
    const data = text(await mary.done(`<m:ExportItems><m:ItemIds>${itemXml(parent)}</m:ItemIds></m:ExportItems>`), 'Data') ?? ''
    const { Id, ChangeKey } = idOf(await mary.getFolder('notes'), 'FolderId')
    const uploaded = await mary.done(
      `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${Id}" ChangeKey="${ChangeKey}"/><t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`,
    )
    assert.deepEqual(listed(await mary.get(idOf(uploaded))).map(said), [link])
    const holder = await draft(mary)
    const inner = `<t:Message><t:Subject>inner</t:Subject><t:Attachments>${referenceXml('plan.docx')}</t:Attachments></t:Message>`
    const attached = await attach(mary, holder, `<t:ItemAttachment><t:Name>inner</t:Name>${inner}</t:ItemAttachment>`)
    const [nested] = listed(at(await getAttachment(mary, attachmentId(attached)), 'Message') as XmlElement)
    assert.deepEqual(said(nested), link)
    assert.deepEqual(said(await getAttachment(mary, attachmentId(nested))), link)
    const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
    const sent = `<t:Message><t:Subject>see the plan</t:Subject><t:Attachments>${referenceXml('plan.docx')}</t:Attachments>${to}</t:Message>`
    await mary.done(mary.createXml(sent, { disposition: 'SendAndSaveCopy' }))
    const received = listed(await arrived(site, 'rob', 'see the plan'))
    assert.deepEqual(received.map(said), [link])
    assert.equal(text(received[0], 'Name'), 'plan.docx')
  })
}

test('a link that cannot be kept, and one of a stranger that leads to no web page: MS-OXWSATT_R104006', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const long = referenceXml('x', { AttachLongPathName: `https://files.contoso.com/${'x'.repeat(3000)}` })
  assert.deepEqual(await mary.codes(attachXml(await draft(mary), long)), ['ErrorPropertyValidationFailure'])
  const external = (name: string, url: string, beside = '') =>
    `--b\r\nContent-Type: message/external-body; access-type=URL; URL="${url}"; name="${name}"\r\n\r\nContent-Type: text/plain\r\n\r\n${beside}\r\n`
  const mime =
    'From: <a@fabrikam.com>\r\nSubject: links\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n' +
    external('web', 'https://files.fabrikam.com/a', '{"attachLongPathName":"https://elsewhere.example/b","providerType":"x"}') +
    external(
      'beside',
      'https://files.fabrikam.com/b',
      String.raw`{"attachLongPathName":"https://files.fabrikam.com/b","providerEndpointUrl":"javascript:alert(1)","attachmentThumbnailUrl":"\\\\evil\\x","attachmentPreviewUrl":"https://files.fabrikam.com/p"}`,
    ) +
    external('unreadable', 'http://[', String.raw`{"attachLongPathName":"\\\\evil.example\\share\\x.docx"}`) +
    external('script', 'javascript:alert(1)') +
    external('local', 'file:///etc/passwd', 'see there') +
    '--b--\r\n'
  const content = `<t:Message><t:MimeContent>${Buffer.from(mime).toString('base64')}</t:MimeContent></t:Message>`
  const [web, beside, ...others] = listed(await mary.get(await mary.create(content, { folder: 'inbox' })))
  assert.deepEqual(said(web), { AttachLongPathName: 'https://files.fabrikam.com/a' }, 'what stands beside tells of another address')
  assert.deepEqual(
    others.map(({ name }) => name),
    ['FileAttachment', 'FileAttachment', 'FileAttachment'],
  )
  const pages = { AttachLongPathName: 'https://files.fabrikam.com/b', AttachmentPreviewUrl: 'https://files.fabrikam.com/p' }
  assert.deepEqual(said(beside), pages, 'scripts and shares are not taken')
  const local = Buffer.from(text(await getAttachment(mary, attachmentId(others[2])), 'Content') ?? '', 'base64').toString()
  assert.equal(local.trimEnd(), 'Content-Type: text/plain\r\n\r\nsee there', 'the part as it came, with the fields of what it names')
})

test('an answer says what was attached: MS-OXWSATT_R441 _R331 _R332 _R335 _R5577 _R330', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const parent = await draft(mary)
  const item = '<t:ItemAttachment><t:Name>i</t:Name><t:Message><t:Subject>i</t:Subject></t:Message></t:ItemAttachment>'
  const file = '<t:FileAttachment><t:Name>f</t:Name><t:Content>YQ==</t:Content></t:FileAttachment>'
  const made = (await mary.ask(attachXml(parent, item + file + referenceXml('r')))).map(({ element }) => attachmentIn(element))
  const kinds = ['ItemAttachment', 'FileAttachment', 'ReferenceAttachment']
  assert.deepEqual(
    made.map(({ name }) => name),
    kinds,
  )
  const whole = await mary.whole(getAttachmentXml(made.map(attachmentId)))
  assert.equal(whole.name, 'GetAttachmentResponse')
  const read = (await mary.ask(getAttachmentXml(made.map(attachmentId)))).map(({ element }) => attachmentIn(element))
  assert.deepEqual(
    read.map(({ name }) => name),
    kinds,
  )
  assert.deepEqual(read.map(attachmentId), made.map(attachmentId))
})

test('a link in a stream that is uploaded is read, or refused', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const { Id } = idOf(await mary.getFolder('notes'), 'FolderId')
  const record = (tag: string, value: unknown) => ({ tag, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) })
  const head = { kind: 'message', properties: {}, extended: {} }
  const attached = { kind: 'reference', name: 'r', contentType: '', contentId: '', contentLocation: '', inline: false, photo: false }
  const upload = (content: unknown) => {
    const data = Buffer.from(writeRecords([record('ITEM', head), record('ATTM', attached), record('DATA', content)])).toString('base64')
    return mary.codes(
      `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${Id}"/><t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`,
    )
  }
  assert.deepEqual(await upload({ attachLongPathName: 'https://files.contoso.com/a' }), ['NoError'])
  for (const wrong of ['', 'x', [], { other: 1 }, { attachLongPathName: 7 }, { attachLongPathName: 'x'.repeat(3000) }])
    assert.deepEqual(await upload(wrong), ['ErrorCorruptData'], JSON.stringify(wrong).slice(0, 40))
  const [one, ...more] = await mary.find('notes')
  assert.equal(more.length, 0)
  assert.deepEqual(listed(await mary.get(idOf(one))).map(said), [{ AttachLongPathName: 'https://files.contoso.com/a' }])
})
