/** What one caller can make the server hold or do is bounded; beyond it there is a refusal, and everybody else goes on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import type { HttpRequest, HttpRoute } from '#access'
import type { Refusal } from '#model'
import { ewsRoutes, type EwsLimits } from '#protocols/ews'
import { defaultHttpLimits, listenHttp } from '../../src/server/http/listener.ts'
import { createRouteTable } from '../../src/server/http/route-table.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { createFolder, createItem, entry, ews, findItem, folderId, getItem, made, mail, named } from './attack.ts'

const daily = (days: number) =>
  `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>${days ? `<t:NumberedRecurrence><t:StartDate>2030-01-01</t:StartDate><t:NumberOfOccurrences>${days}</t:NumberOfOccurrences></t:NumberedRecurrence>` : '<t:NoEndRecurrence><t:StartDate>2030-01-01</t:StartDate></t:NoEndRecurrence>'}</t:Recurrence>`

/** EWS of the site with other limits, asked directly. */
async function bounded(site: TestSite, limits: Partial<EwsLimits>): Promise<(operation: string) => Promise<string>> {
  const silent = { warn() {}, error() {} }
  const [route] = ewsRoutes({
    ...site,
    clock: Date.now,
    random: (size) => crypto.getRandomValues(new Uint8Array(size)),
    log: silent,
    limits,
  })
  const caller = await site.caller('mary')
  const call = route as HttpRoute
  return async (operation) => {
    const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>${operation}</s:Body></s:Envelope>`
    const reply = await call.handle({
      method: 'POST',
      url: new URL('http://x/'),
      path: call.path,
      headers: {},
      body: Buffer.from(body),
      caller,
      remoteAddress: '',
      id: '1',
      signal: AbortSignal.timeout(5000),
      log: {},
    })
    if (typeof reply.body === 'string') return reply.body
    if (reply.body instanceof Uint8Array) return Buffer.from(reply.body).toString()
    const { value } = await reply.body[Symbol.asyncIterator]().next()
    return String(value)
  }
}
const codesIn = (body: string) => [...body.matchAll(/ResponseCode>([A-Za-z]+)</g)].map((match) => match[1])

test('an answer grows to its bound and no further, whatever is asked for how often', async () => {
  await using site = await startTestSite()
  const body = 'x'.repeat(40_000)
  const id = await made(site, 'mary', createItem(named('inbox'), mail('s', `<t:Body BodyType="Text">${body}</t:Body>`)))
  const { attachments } = await ews(
    site,
    'mary',
    `<m:CreateAttachment><m:ParentItemId Id="${id}"/><m:Attachments><t:FileAttachment><t:Name>a</t:Name><t:Content>${Buffer.from(body).toString('base64')}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
  )
  const ask = await bounded(site, { answer: 100_000 })
  const many = 20
  const questions: Record<string, string> = {
    GetItem: getItem(Array.from({ length: many }, () => id)),
    'GetItem, MIME': getItem(Array.from({ length: many }, () => id), 'IdOnly', '<t:IncludeMimeContent>true</t:IncludeMimeContent>'), // prettier-ignore
    GetAttachment: `<m:GetAttachment><m:AttachmentIds>${`<t:AttachmentId Id="${attachments[0]}"/>`.repeat(many)}</m:AttachmentIds></m:GetAttachment>`,
    FindItem: findItem(named('inbox').repeat(500)),
    FindFolder: `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:ParentFolderIds>${named('root').repeat(many)}</m:ParentFolderIds></m:FindFolder>`,
  }
  for (const [name, question] of Object.entries(questions)) {
    const answer = await ask(question)
    const codes = codesIn(answer)
    assert.equal(codes[0], 'NoError', name)
    assert.equal(codes.at(-1), 'ErrorBatchProcessingStopped', name)
    assert.ok(answer.length < 600_000, `${name}: ${answer.length}`)
  }
  const zones = await ask(
    `<m:GetServerTimeZones ReturnFullTimeZoneData="true"><m:Ids>${'<t:Id>UTC</t:Id>'.repeat(5000)}</m:Ids></m:GetServerTimeZones>`,
  )
  assert.ok(zones.length < 5000, `${zones.length}`)
  // Lists whose items are too much together: a search refuses, a sync gives a smaller page.
  const caller = await site.caller('mary')
  const mailbox = site.people['mary']!.mailbox
  for (const name of ['2', '3'])
    await made(site, 'mary', createItem(named('inbox'), mail(name, `<t:Body BodyType="Text">${body}</t:Body>`)))
  const wanted = { shape: 'ids' as const, paths: [{ property: 'body' }], mostBytes: 50_000 }
  const view = { kind: 'indexed' as const, offset: 0, limit: 10, from: 'Beginning' as const }
  await assert.rejects(site.mailboxes.findItems(caller, { folders: [{ mailbox, kind: 'inbox' }], traversal: 'Shallow', view, wanted }), {
    code: 'ResultSetTooBig',
  })
  const seen: number[] = []
  for (let cursor = '', last = false, rounds = 0; !last; rounds++) {
    assert.ok(rounds < 5)
    const page = await site.mailboxes.syncItems(caller, { folder: { mailbox, kind: 'inbox' }, cursor, limit: 10, wanted })
    seen.push(...page.changes.map((change) => change.id))
    cursor = page.cursor
    last = page.includesLast
  }
  assert.equal(new Set(seen).size, 3)
  assert.equal(seen.length, 3)
})

test('a page of conversations ends where the answer is full, and says where to go on', async () => {
  await using site = await startTestSite()
  const person = site.people['mary']!
  for (let n = 0; n < 30; n++) {
    const mime = Buffer.from(
      `From: a@fabrikam.example\r\nTo: mary@contoso.com\r\nSubject: thread ${n}\r\nMessage-ID: <${n}@x>\r\n\r\nx\r\n`,
    )
    const trace = 'Received: by contoso.com; Sat, 28 Nov 2026 00:00:00 +0000'
    const delivery = {
      mime,
      recipient: 'mary@contoso.com',
      sender: 'a@fabrikam.example',
      receivedAt: Date.UTC(2026, 10, 27) + n * 1000,
      trace,
    }
    await site.mailboxes.deliver(person.organisation, person.mailbox!, delivery)
  }
  const ask = await bounded(site, { answer: 8000 })
  const page = async (offset: number) => {
    const view = `<m:IndexedPageItemView MaxEntriesReturned="30" Offset="${offset}" BasePoint="Beginning"/>`
    const answer = await ask(`<m:FindConversation>${view}<m:ParentFolderId>${named('inbox')}</m:ParentFolderId></m:FindConversation>`)
    const next = Number(/IndexedOffset>(\d+)</.exec(answer)?.[1])
    return { next, topics: [...answer.matchAll(/ConversationTopic>([^<]+)</g)].map((match) => match[1]) }
  }
  const topics = []
  for (let at = 0, rounds = 0; topics.length < 30; rounds++) {
    const got = await page(at)
    assert.ok(got.topics.length > 0 && got.topics.length < 30 && rounds < 30, `${got.topics.length}`)
    assert.equal(got.next, at + got.topics.length)
    topics.push(...got.topics)
    at = got.next
  }
  assert.equal(new Set(topics).size, 30)
})

test('streaming connections and subscriptions of one person are bounded', async () => {
  await using site = await startTestSite()
  const ask = await bounded(site, { streamsPerCaller: 2, subscriptionsPerCaller: 3 })
  const subscribe = `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${named('inbox')}</t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>`
  const ids: string[] = []
  for (let n = 0; n < 3; n++) ids.push(/SubscriptionId>([^<]+)</.exec(await ask(subscribe))?.[1] ?? '')
  assert.match(await ask(subscribe), /ErrorExceededSubscriptionCount/)
  const stream = `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${ids[0]}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>`
  for (let n = 0; n < 2; n++) assert.match(await ask(stream), /NoError/)
  assert.match(await ask(stream), /ErrorExceededConnectionCount/)
})

test('requests of one person wait their turn, are refused when too many wait, and leave everybody else alone', async () => {
  await using site = await startTestSite()
  const ask = await bounded(site, { requestsPerCaller: 2, waitingPerCaller: 3 })
  const folder = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${named('inbox')}</m:FolderIds></m:GetFolder>`
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => ask(folder)))
  const served = outcomes.filter((one) => one.status === 'fulfilled').map(({ value }) => codesIn(value).join())
  assert.deepEqual(served, Array(5).fill('NoError'))
  const refused = outcomes.filter((one) => one.status === 'rejected').map(({ reason }) => reason as Refusal)
  assert.deepEqual(refused.map(({ code }) => code), Array(3).fill('ServerBusy')) // prettier-ignore
  // What the listener makes of it: a fault that says when to come back ([MS-OXWSCDATA] BackOffMilliseconds).
  const [route] = ewsRoutes({ ...site, clock: Date.now, random: () => new Uint8Array(16), log: { warn() {}, error() {} } })
  const fault = route?.refuse?.(refused[0] as Refusal, {} as HttpRequest)
  assert.equal(fault?.status, 500)
  assert.match(String(fault?.body), /e:ResponseCode[^>]*>ErrorServerBusy<.*<t:Value Name="BackOffMilliseconds">5000</)
  assert.match(await ask(folder), /NoError/)
})

test('calendars full of endless series, far occurrences and many ranges cost little', { timeout: 30_000 }, async () => {
  await using site = await startTestSite()
  const items = Array.from({ length: 200 }, (_, n) =>
    entry(`s${n}`, { start: '2030-01-01T10:00:00Z', end: '2030-01-01T11:00:00Z', more: daily(0) }),
  )
  const { items: series } = await ews(site, 'mary', createItem(named('calendar'), items.join('')))
  const timed = async (what: string, operation: string, most: number) => {
    const from = performance.now()
    const answer = await ews(site, 'mary', operation)
    const took = performance.now() - from
    assert.ok(took < most, `${what}: ${Math.round(took)} ms`)
    assert.doesNotMatch(answer.body, /ErrorInternalServerError/, what)
    return answer
  }
  const view = await timed(
    'a view of two years',
    findItem(
      named('calendar'),
      '<m:CalendarView MaxEntriesReturned="10" StartDate="2031-01-01T00:00:00Z" EndDate="2032-12-31T00:00:00Z"/>',
    ),
    3000,
  )
  assert.equal(view.items.length, 10)
  assert.deepEqual(
    (
      await timed(
        'three years',
        findItem(named('calendar'), '<m:CalendarView StartDate="2031-01-01T00:00:00Z" EndDate="2034-12-31T00:00:00Z"/>'),
        500,
      )
    ).codes,
    ['ErrorCalendarViewRangeTooBig'],
  )
  const occurrence = (index: number) =>
    `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds><t:OccurrenceItemId RecurringMasterId="${series[0]}" InstanceIndex="${index}"/></m:ItemIds></m:GetItem>`
  for (const index of [0, -1, 900_000, 2_147_483_647]) await timed(`occurrence ${index}`, occurrence(index), 500)
  const range = '<t:Range Start="2030-01-01T00:00:00Z" End="2099-01-01T00:00:00Z" Count="2147483647"/>'
  const ranges = (count: number) =>
    `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds><t:RecurringMasterItemIdRanges Id="${series[0]}"><t:Ranges>${range.repeat(count)}</t:Ranges></t:RecurringMasterItemIdRanges></m:ItemIds></m:GetItem>`
  await timed('many ranges', ranges(5000), 1000)
  await timed('one range', ranges(1), 3000)
})

test('restrictions, queries and XML beyond their bounds are refused', async () => {
  await using site = await startTestSite()
  const equal =
    '<t:IsEqualTo><t:FieldURI FieldURI="item:Subject"/><t:FieldURIOrConstant><t:Constant Value="x"/></t:FieldURIOrConstant></t:IsEqualTo>'
  const restricted = (restriction: string) => findItem(named('inbox'), `<m:Restriction>${restriction}</m:Restriction>`)
  const tries: [what: string, operation: string, expected: RegExp][] = [
    ['2000 conditions', restricted(`<t:Or>${equal.repeat(2000)}</t:Or>`), /ErrorRestrictionTooComplex/],
    ['150 deep', restricted('<t:Not>'.repeat(150) + equal + '</t:Not>'.repeat(150)), /ErrorRestrictionTooComplex/],
    ['5000 deep', restricted('<t:Not>'.repeat(5000) + equal + '</t:Not>'.repeat(5000)), /ErrorSchemaValidation/],
    [
      'a query of a megabyte',
      findItem(named('inbox'), `<m:QueryString>${'word '.repeat(200_000)}</m:QueryString>`),
      /NoError|Error(?!InternalServer)/,
    ],
    [
      'a query of quotes',
      findItem(named('inbox'), `<m:QueryString>${'"'.repeat(100_000)}</m:QueryString>`),
      /NoError|Error(?!InternalServer)/,
    ],
    [
      'a query of operators',
      findItem(named('inbox'), `<m:QueryString>${'NOT ( OR AND * ^ NEAR '.repeat(1000)}</m:QueryString>`),
      /NoError|Error(?!InternalServer)/,
    ],
    ['half a million elements', `<m:GetItem>${'<m:a/>'.repeat(500_000)}</m:GetItem>`, /ErrorSchemaValidation/],
    ['a thousand attributes', `<m:GetItem ${Array.from({ length: 1000 }, (_, n) => `a${n}=""`).join(' ')}/>`, /ErrorSchemaValidation/],
  ]
  for (const [what, operation, expected] of tries) {
    const from = performance.now()
    const { body } = await ews(site, 'mary', operation)
    assert.match(body, expected, what)
    assert.doesNotMatch(body, /ErrorInternalServerError/, what)
    assert.ok(performance.now() - from < 3000, `${what}: ${Math.round(performance.now() - from)} ms`)
  }
  const entity = await site.call('/EWS/Exchange.asmx', {
    method: 'POST',
    user: 'mary',
    headers: { 'content-type': 'text/xml' },
    body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  })
  assert.match(entity.body, /ErrorSchemaValidation/)
  assert.doesNotMatch(entity.body, /root:/)
})

test('attachments nest to their bound', async () => {
  await using site = await startTestSite()
  const id = await made(site, 'mary', createItem(named('inbox'), mail('s')))
  const nested = (depth: number): string =>
    `<t:ItemAttachment><t:Name>a</t:Name><t:Message><t:Subject>${depth}</t:Subject>${depth > 1 ? `<t:Attachments>${nested(depth - 1)}</t:Attachments>` : ''}</t:Message></t:ItemAttachment>`
  const attach = (depth: number) =>
    ews(
      site,
      'mary',
      `<m:CreateAttachment><m:ParentItemId Id="${id}"/><m:Attachments>${nested(depth)}</m:Attachments></m:CreateAttachment>`,
    )
  assert.deepEqual((await attach(6)).codes, ['NoError'])
  assert.deepEqual((await attach(20)).codes, ['ErrorInvalidRequest'])
  const folder = await made(site, 'mary', createFolder(named('inbox'), 'f'))
  const inner = (depth: number): string =>
    depth === 0 ? 'Subject: innermost\r\n\r\nx' : `Content-Type: message/rfc822\r\n\r\n${inner(depth - 1)}`
  const parts = (depth: number): string =>
    depth === 0 ? 'x' : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${parts(depth - 1)}\r\n--b${depth}--`
  for (const mime of [
    inner(500),
    parts(500),
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(20_000)}--b--`,
  ]) {
    const from = performance.now()
    const made = await ews(
      site,
      'mary',
      createItem(folderId(folder), `<t:Message><t:MimeContent>${Buffer.from(mime).toString('base64')}</t:MimeContent></t:Message>`),
    )
    assert.deepEqual(made.codes, ['NoError'])
    assert.deepEqual((await ews(site, 'mary', getItem(made.items))).codes, ['NoError'])
    assert.ok(performance.now() - from < 3000)
  }
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The beginning of what the server answers on a connection. */
function answerOn(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1'))).on('error', () => undefined))
}

test('what somebody sends who has not signed in is read and not kept', async () => {
  await using site = await startTestSite({ config: { insecureHttp: true, listeners: { https: { port: 0 }, http: { port: 0 } } } })
  const bytes = 40 * 1024 * 1024
  const socket = connect(site.ports.http!, '127.0.0.1')
  const answer = answerOn(socket)
  socket.write(`POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes + 1}\r\n\r\n`)
  const before = process.memoryUsage().arrayBuffers
  const chunk = Buffer.alloc(1024 * 1024)
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    if (!socket.write(chunk)) await once(socket, 'drain')
  }
  collectGarbage()
  const held = process.memoryUsage().arrayBuffers - before
  assert.ok(held < bytes / 2, `${held} bytes are held`)
  socket.write('x')
  assert.match(await answer, /^HTTP\/1.1 401/)
  socket.destroy()
  const bomb = await site.call('/EWS/Exchange.asmx', {
    method: 'POST',
    user: 'mary',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(80 * 1024 * 1024)),
  })
  assert.match(bomb.body, /ErrorRequestStreamTooBig/)
})

test('bodies of all connections together are bounded, those of strangers to a quarter', async () => {
  const listener = await listenHttp(
    {
      access: {
        authenticate: async () => undefined,
        challenges: () => Promise.resolve([]),
        checkPassword: async () => {
          throw new Error('nobody asks')
        },
        signIn: () => Promise.reject(new Error()),
        stillSignedIn: () => Promise.reject(new Error()),
        impersonate: () => Promise.reject(new Error()),
        managementRoles: () => Promise.reject(new Error()),
      },
      match: createRouteTable([
        {
          methods: ['POST'],
          path: '/x',
          protocol: 'test',
          auth: 'none',
          maxBody: 1000,
          handle: async () => ({ status: 200, headers: {}, body: 'ok' }),
        },
      ]),
      newId: () => '1',
      served: () => undefined,
      defect: (error) => assert.fail(String(error)),
    },
    { host: '127.0.0.1', port: 0, limits: { ...defaultHttpLimits, bodies: 4000 } },
  )
  const open = () => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 800\r\n\r\n' + 'x'.repeat(799))
    return { socket, answer: answerOn(socket) }
  }
  const both = [open(), open()]
  const refused = await Promise.race(both.map(async (one) => ({ one, text: await one.answer })))
  assert.match(refused.text, /^HTTP\/1.1 503/, 'there is room for one of them')
  const other = both.find((one) => one !== refused.one)!
  other.socket.write('x')
  assert.match(await other.answer, /^HTTP\/1.1 200/)
  const third = open()
  third.socket.write('x')
  assert.match(await third.answer, /^HTTP\/1.1 200/, 'room is given back')
  for (const { socket } of [...both, third]) socket.destroy()
  await listener.close(100)
})

test('a request that takes too long is answered with what is there, and ErrorTimeoutExpired for the rest', async () => {
  await using site = await startTestSite()
  const ids = '<t:DistinguishedFolderId Id="inbox"/><t:DistinguishedFolderId Id="drafts"/>'
  const folders = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${ids}</m:FolderIds></m:GetFolder>`
  const codes = async (time: number) =>
    [...(await (await bounded(site, { time }))(folders)).matchAll(/<m:ResponseCode>(\w+)</g)].map(([, code]) => code)
  assert.deepEqual(await codes(0), ['ErrorTimeoutExpired', 'ErrorTimeoutExpired'])
  assert.deepEqual(await codes(60_000), ['NoError', 'NoError'])
})
