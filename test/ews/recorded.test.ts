/**
 * What real clients said, said again: each request of `recorded/CLIENT` with the ids of a small fixed world in its placeholders. Each answer fits the
 * schema and is the golden one beside it but for what changes from run to run. UPDATE_GOLDEN=1 writes the golden answers again.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { idOf, person, text, type Person } from '../requirements/person.ts'
import { assertValid } from '../support/ews-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const folder = join(import.meta.dirname, 'recorded')
const noon = Date.UTC(2026, 10, 28, 12)
const calendarItem = '<t:CalendarItem><t:Subject>Kept</t:Subject><t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>'

/** What stands for an item in a request: made anew for each request, for the request may remove it. */
const items: Record<string, { xml: string; folder: string }> = {
  Message: {
    xml: '<t:Message><t:Subject>Kept</t:Subject><t:Body BodyType="Text">Text</t:Body><t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>',
    folder: 'inbox',
  },
  CalendarItem: { xml: `${calendarItem}</t:CalendarItem>`, folder: 'calendar' },
  Series: {
    xml: `${calendarItem}<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence></t:CalendarItem>`,
    folder: 'calendar',
  },
  Contact: { xml: '<t:Contact><t:DisplayName>Kept</t:DisplayName><t:GivenName>Kept</t:GivenName></t:Contact>', folder: 'contacts' },
  DistributionList: { xml: '<t:DistributionList><t:DisplayName>Kept</t:DisplayName></t:DistributionList>', folder: 'contacts' },
  Task: { xml: '<t:Task><t:Subject>Kept</t:Subject></t:Task>', folder: 'tasks' },
  PostItem: { xml: '<t:PostItem><t:Subject>Kept</t:Subject></t:PostItem>', folder: 'inbox' },
}
const folders: Record<string, string> = {
  CalendarFolder: 'calendar',
  ContactsFolder: 'contacts',
  TasksFolder: 'tasks',
  TargetFolder: 'drafts',
}
let made = 0

type Filled = { Id: string; ChangeKey: string }

async function madeFor(mary: Person, kind: string, operation: string): Promise<Filled> {
  if (kind === 'Attachment') return attachment(mary)
  if (kind.endsWith('Folder')) {
    const removed = kind === 'Folder' && /^(Delete|Update|Move|Empty)Folder$/.test(operation)
    const name = removed ? undefined : (folders[kind] ?? 'inbox')
    if (name) return idOf(await find(mary, name), 'FolderId')
    const created = await mary.done(
      `<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>Made ${++made}</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>`,
    )
    return idOf(under(created, 'Folders'), 'FolderId')
  }
  const { xml, folder: where } = items[kind] ?? items['Message']!
  return mary.create(xml, { folder: where })
}

const under = (element: Parameters<typeof text>[0], name: string) => {
  const parent = element?.children.find((child) => typeof child !== 'string' && child.name === name)
  const first = typeof parent === 'object' ? parent.children[0] : undefined
  assert.ok(typeof first === 'object', name)
  return first
}

async function find(mary: Person, name: string) {
  const message = await mary.done(
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="${name}"/></m:FolderIds></m:GetFolder>`,
  )
  return under(message, 'Folders')
}

async function attachment(mary: Person): Promise<Filled> {
  const id = await mary.create(
    '<t:Message><t:Subject>Kept</t:Subject><t:Attachments><t:FileAttachment><t:Name>kept.txt</t:Name><t:Content>a2VwdA==</t:Content></t:FileAttachment></t:Attachments></t:Message>',
  )
  const [first] = (await mary.get(id)).children.flatMap((child) =>
    typeof child === 'object' && child.name === 'Attachments' ? child.children : [],
  )
  assert.ok(typeof first === 'object')
  return idOf(first, 'AttachmentId')
}

/** The request with an id of the world for each placeholder, the same for the same name. */
async function filled(mary: Person, request: string, operation: string): Promise<string> {
  const values = new Map<string, string>([
    ['SyncState', ''],
    ['Watermark', 'AQAAAA=='],
    ['SubscriptionId', 'unknown'],
  ])
  for (const [, name = ''] of request.matchAll(/\{(\w+)(?:\.ChangeKey)?\}/g)) {
    if (values.has(name)) continue
    const { Id, ChangeKey } = await madeFor(mary, name, operation)
    values.set(name, Id).set(`${name}.ChangeKey`, ChangeKey)
  }
  return request.replaceAll(/\{([\w.]+)\}/g, (whole, name: string) => values.get(name) ?? whole)
}

/** What is another in every run: ids, states, and what is made of them or of chance. */
const masked = (answer: string): string =>
  answer
    .replaceAll(/ (\w*(?:Id|ChangeKey))="[A-Za-z0-9+/=]{20,}"/g, ' $1="…"')
    .replaceAll(
      /<(\w:(?:InstanceKey|SyncState|SubscriptionId|Watermark|PreviousWatermark|UID|InternetMessageId|MimeContent|ConversationIndex|Data|Size|Token|PropertyName|Changekey|PersonaId|RuleId|SID))([^>]*)>[^<]*</g,
      '<$1$2>…<',
    )
    .replaceAll(/[\w-]{8}-[\w-]{4}-[\w-]{4}-[\w-]{4}-[\w-]{12}/g, '…')
    .replaceAll(/<t:Value>[A-Za-z0-9+/=]{24,}</g, '<t:Value>…<')
    .replaceAll('><', '>\n<')

for (const client of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  describe(`what ${client.name} said`, () => {
    let site: TestSite
    let mary: Person
    before(async () => {
      site = await startTestSite({ outside: { clock: () => noon } })
      mary = person(site)
    })
    after(() => site.close())
    const names = readdirSync(join(folder, client.name)).filter((name) => name.endsWith('.xml') && !name.endsWith('.answer.xml'))
    for (const name of names.sort())
      test(name, async () => {
        const path = join(folder, client.name, name)
        const operation = name.slice(4, -4)
        const request = await filled(mary, readFileSync(path, 'utf8'), operation)
        const headers = { 'content-type': 'text/xml; charset=utf-8' }
        const answer = await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', headers, body: request })
        assert.equal(answer.status, 200, answer.body)
        assertValid(answer.body)
        const golden = path.replace(/\.xml$/, '.answer.xml')
        const got = masked(answer.body)
        if (process.env.UPDATE_GOLDEN) writeFileSync(golden, got)
        assert.equal(got, readFileSync(golden, 'utf8'), 'A change on purpose? UPDATE_GOLDEN=1 writes the answers again.')
      })
  })
