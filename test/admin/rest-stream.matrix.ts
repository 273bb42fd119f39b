import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ByteSize, Refusal, TimeSpan } from '#model'
import { Guid, SecureText, Table, Thing, type Value } from '#shell'
import { cmdlet, parameter as take } from '#admin'
import { overHttps, overSocket } from '../../src/server/commands/admin-send.ts'
import { remoteHost } from '../../src/server/commands/remote-host.ts'
import { adminSocketAt } from '../../src/server/http/admin-socket-path.ts'
import { folderFor } from '../support/command-line.ts'
import { startTestSite } from '../support/site.ts'
import { until } from '../clients/until.ts'
import { refusal } from './desk.ts'
import { base, restDesk, thing, type RestDesk } from './rest-desk.ts'

const ndjson = { accept: 'application/x-ndjson' }
const get = (CmdletName: string, Parameters: object = {}) => ({ CmdletInput: { CmdletName, Parameters } })
const stream = (site: RestDesk, name: string, parameters: object = {}) =>
  site.call(`${base}/InvokeCommand`, { headers: ndjson, body: get(name, parameters) })
const linesOf = (text: string) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>) // prettier-ignore
const host = (site: RestDesk) => remoteHost({ send: site.send(), organisation: 'contoso.com' })
/** Bytes that are really held. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}
const quiet = (signal = new AbortController().signal) => ({ signal, warn: () => undefined, progress: () => undefined })
const values = (entries: Record<string, Value> = {}) => new Map(Object.entries(entries))

test('objects come line by line with their kind before them, warnings and progress between them, and the end is said', async () => {
  const told = thing(async function* (count, { warn, progress }) {
    warn('Careful.')
    for (let at = 1; at <= count; at++) {
      progress({ activity: 'Making things', percent: (100 * at) / count })
      yield { Name: `Thing ${at}` }
    }
    warn('That was all.')
  })
  await using site = await restDesk([told])
  const answer = await stream(site, 'Get-Thing', { Count: 2 })
  assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/x-ndjson'])
  assert.deepEqual(linesOf(answer.text), [
    { type: 'Thing' },
    { warning: 'Careful.' },
    { progress: { activity: 'Making things', percent: 50 } },
    { object: { Name: 'Thing 1' } },
    { progress: { activity: 'Making things', percent: 100 } },
    { object: { Name: 'Thing 2' } },
    { warning: 'That was all.' },
    { done: true },
  ])
})

test('what is refused before the first object keeps its status; later it is the last line; a bug is told by its id and is in the log', async () => {
  const failing = thing(async function* (count) {
    for (let at = 0; at < count; at++) yield { Name: at }
    if (count === 7) throw new TypeError('a bug')
    throw new Refusal('ObjectNotFound', 'It is gone.', { identity: 'x' })
  })
  await using site = await restDesk([failing])
  const early = await stream(site, 'Get-Thing', { Count: 0 })
  assert.deepEqual([early.status, early.body.error.code, early.body.error.innererror.detail], [404, 'ObjectNotFound', { identity: 'x' }])
  assert.equal((await stream(site, 'Get-Nothing')).status, 404)
  const late = linesOf((await stream(site, 'Get-Thing', { Count: 1 })).text)
  assert.deepEqual(late.at(-1), { error: { code: 'ObjectNotFound', message: 'It is gone.', detail: { identity: 'x' } } })
  const bug = linesOf((await stream(site, 'Get-Thing', { Count: 7 })).text)
  assert.match(JSON.stringify(bug.at(-1)), /^\{"error":\{"code":"InternalServerError","message":"[^"]* under id-\d+\."/)
  assert.equal((site.defects[0] as Error).message, 'a bug')
  assert.deepEqual(site.audit.map(({ outcome }) => outcome), ['ObjectNotFound', 'CmdletNotFound', 'ObjectNotFound', 'InternalServerError']) // prettier-ignore
})

test('a client that goes away ends the cmdlet, whether it gives objects or thinks', { timeout: 30_000 }, async () => {
  const ended: string[] = []
  const started = Promise.withResolvers<void>()
  const endless = thing(async function* () {
    try {
      for (let at = 0; ; at++) yield { Name: `Thing ${at}`, Text: 'x'.repeat(1000) }
    } finally {
      ended.push('endless')
    }
  })
  const thinking = thing((_count, { signal }) => {
    started.resolve()
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        ended.push('thinking')
        reject(signal.reason as Error)
      }),
    )
  }, 'Get-Thought')
  await using site = await restDesk([endless, thinking])
  const response = await site.open(`${base}/InvokeCommand`, { headers: ndjson, body: get('Get-Thing') })
  for await (const _ of response) break
  await until('the end of the endless cmdlet', () => ended.includes('endless'))

  const leaving = new AbortController()
  const { port } = site
  const thought = fetch(`http://127.0.0.1:${port}${base}/InvokeCommand`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { ...ndjson, 'content-type': 'application/json', authorization: 'Bearer boss' },
    body: JSON.stringify(get('Get-Thought')),
  })
  await started.promise
  leaving.abort()
  await assert.rejects(thought, { name: 'AbortError' })
  await until('the end of the thinking cmdlet', () => ended.includes('thinking'))
  await until('both in the audit log', () => site.audit.length === 2)
  assert.deepEqual(site.defects, [])
})

test('a slow reader holds the cmdlet back, and 100,000 objects pass in constant memory', { timeout: 60_000 }, async () => {
  let made = 0
  const many = thing(async function* (count) {
    for (; made < count; made++) yield { Name: `Thing ${made}`, Text: 'x'.repeat(1000) }
  })
  await using site = await restDesk([many])
  const response = await site.open(`${base}/InvokeCommand`, { headers: ndjson, body: get('Get-Thing', { Count: 100_000 }) })
  response.pause()
  let before = -1
  await until('the cmdlet to stand still', () => {
    const still = made === before && made > 0
    before = made
    return still
  })
  assert.ok(made < 50_000, `${made} of 100,000 were made for nobody`)
  const kept: number[] = []
  let lines = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    for (const byte of part) if (byte === 10) lines++
    if (lines > (kept.length + 1) * 24_000) kept.push(heapAfterCollection())
  }
  assert.equal(lines, 100_002)
  const growth = (kept.at(-1)! - kept[0]!) / 1024 / 1024
  assert.ok(kept.length === 4 && growth < 5, `${growth.toFixed(1)} MB more after 72,000 objects more`)
})

test('warnings that nobody reads are counted beyond a thousand, of progress the last is kept', async () => {
  const noisy = thing(async (count, { warn, progress }) => {
    for (let at = 0; at < count; at++) {
      warn(`Warning ${at}`)
      progress({ activity: 'Noise', percent: at / 100 })
    }
  })
  await using site = await restDesk([noisy])
  const lines = linesOf((await stream(site, 'Get-Thing', { Count: 1500 })).text)
  assert.equal(lines.filter((line) => 'warning' in line).length, 1001)
  assert.deepEqual(lines.slice(-3), [
    { warning: 'There were 500 more warnings.' },
    { progress: { activity: 'Noise', percent: 14.99 } },
    { done: true },
  ])
})

const guid = '0b1e3a52-4d7e-4a51-9f0b-6c1d7e880001'
const everything = thing(async () => [
  {
    Name: 'One',
    ExchangeGuid: guid,
    ExternalDirectoryObjectId: guid,
    WhenCreated: new Date(Date.UTC(2030, 0, 7)),
    ProhibitSendQuota: new ByteSize(1.5 * 2 ** 30),
    IssueWarningQuota: new ByteSize(Number.POSITIVE_INFINITY),
    RetainDeletedItemsFor: new TimeSpan(14 * 86_400_000),
    FileData: Buffer.from([0, 255, 10]),
    EmailAddresses: ['SMTP:one@contoso.com'],
    Dates: [new Date(0), new Date(1)],
    Empty: [],
    Nothing: null,
    Missing: undefined,
    Enabled: true,
    ResultSize: Number.POSITIVE_INFINITY,
    Nested: { Since: new Date(5), More: [{ At: new TimeSpan(1000) }, 'text', 3] },
    __proto__: undefined,
  },
])

test('every kind of value reaches the shell as what it is', async () => {
  await using site = await restDesk([everything])
  const [one, ...more] = await Array.fromAsync(host(site).invoke('get-thing', values(), quiet()))
  assert.ok(one instanceof Thing && more.length === 0)
  assert.deepEqual([one.types, one.text], [['Thing'], 'One'])
  assert.deepEqual(one.get('exchangeguid'), new Guid(guid))
  assert.equal(one.get('ExternalDirectoryObjectId'), guid)
  assert.deepEqual(one.get('WhenCreated'), new Date('2030-01-07T00:00:00Z'))
  assert.deepEqual(one.get('ProhibitSendQuota'), new ByteSize(1.5 * 2 ** 30))
  assert.deepEqual(one.get('IssueWarningQuota'), new ByteSize(Number.POSITIVE_INFINITY))
  assert.deepEqual(one.get('RetainDeletedItemsFor'), new TimeSpan(14 * 86_400_000))
  assert.deepEqual([...(one.get('FileData') as Uint8Array)], [0, 255, 10])
  assert.deepEqual(one.get('EmailAddresses'), ['SMTP:one@contoso.com'])
  assert.deepEqual(one.get('Dates'), [new Date(0), new Date(1)])
  assert.deepEqual([one.get('Empty'), one.get('Nothing'), one.has('Missing'), one.get('Enabled')], [[], null, false, true])
  assert.equal(one.get('ResultSize'), 'Unlimited')
  const nested = one.get('Nested') as Thing
  assert.deepEqual(nested.get('Since'), new Date(5))
  assert.deepEqual(((nested.get('More') as Value[])[0] as Thing).get('At'), new TimeSpan(1000))
  assert.ok(one.names().every((name) => !name.includes('@')))
})

test('values of the shell reach the cmdlet; a secret only where one is taken', async () => {
  const got: Record<string, unknown>[] = []
  const taking = cmdlet('Set-Thing', {
    summary: 'Takes things.',
    roles: ['Federated Sharing'],
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      Quota: take.optional(take.bytes()),
      Span: take.optional(take.timeSpan()),
      When: take.optional(take.instant()),
      Guid: take.optional(take.guid()),
      Data: take.optional(take.file()),
      Addresses: take.optional(take.listChange(take.string())),
      Password: take.optional(take.secureString()),
      Credential: take.optional(take.credential()),
      Filter: take.optional(take.filter()),
      On: take.optional(take.switched()),
      Note: take.optional(take.nullable(take.string())),
    },
    run: async (args) => void got.push(args),
  })
  await using site = await restDesk([taking])
  const shell = host(site)
  const run = (entries: Record<string, Value>) => Array.fromAsync(shell.invoke('Set-Thing', values(entries), quiet()))
  const account = new Thing([
    ['UserName', 'mary'],
    ['Password', new SecureText('pw-of-mary')],
  ])
  await run({
    Identity: new Thing([['Identity', 'One']]),
    Quota: new ByteSize(2048),
    Span: new TimeSpan(90_000),
    When: new Date(7_000),
    Guid: new Guid(guid),
    Data: new Uint8Array([1, 2, 3]),
    Addresses: new Table([['Add', ['a@contoso.com']]]),
    Password: new SecureText('hunter2'),
    Credential: account,
    Filter: "Name -eq 'x'",
    On: true,
    Note: null,
  })
  assert.deepEqual(got, [
    {
      Identity: 'One',
      Quota: new ByteSize(2048),
      Span: new TimeSpan(90_000),
      When: 7_000,
      Guid: guid,
      Data: Buffer.from([1, 2, 3]),
      Addresses: { Add: ['a@contoso.com'], Remove: [] },
      Password: 'hunter2',
      Credential: { UserName: 'mary', Password: 'pw-of-mary' },
      Filter: "Name -eq 'x'",
      On: true,
      Note: null,
    },
  ])
  const wrong: Record<string, Value>[] = [{ Identity: new SecureText('hunter2') }, { Identity: 'x', Note: new SecureText('hunter2') }, { Identity: 'x', Unknown: new SecureText('hunter2') }, { Identity: new Thing([]) }, { Identity: 'x', Credential: new Thing([['UserName', 'mary']]) }] // prettier-ignore
  for (const entries of wrong) {
    await assert.rejects(run(entries), refusal('InvalidParameter', /of Set-Thing takes/))
  }
  assert.equal(got.length, 1)
  assert.ok(!JSON.stringify([site.audit, site.served.map(({ request }) => request.log)]).includes('hunter2'))
})

test('the shell hears warnings and progress, and refusals as they are', async () => {
  const telling = thing(async function* (count, { warn, progress }) {
    warn('Careful.')
    progress({ activity: 'Work', status: 'half', percent: 50, done: false })
    yield { Name: 'x' }
    if (count === 1) throw new Refusal('NameTaken', 'Taken.', { identity: 'x' })
  })
  await using site = await restDesk([telling])
  const heard: unknown[] = []
  const invocation = { signal: new AbortController().signal, warn: (text: string) => void heard.push(text), progress: (record: object) => void heard.push(record) } // prettier-ignore
  const run = (count: number) => Array.fromAsync(host(site).invoke('Get-Thing', values({ Count: count }), invocation))
  assert.equal((await run(0)).length, 1)
  assert.deepEqual(heard, ['Careful.', { activity: 'Work', status: 'half', percent: 50, done: false }])
  await assert.rejects(run(1), { code: 'NameTaken', message: 'Taken.', detail: { identity: 'x' } })
  await assert.rejects(
    Array.fromAsync(host(site).invoke('Get-Nothing', values(), quiet())),
    refusal('CmdletNotFound', /no cmdlet 'Get-Nothing'/),
  )
  const stranger = remoteHost({ send: site.send(), organisation: 'fabrikam.com' })
  await assert.rejects(stranger.describe(), refusal('AccessDenied'))
})

test('leaving the loop and Ctrl-C end the cmdlet on the server', { timeout: 30_000 }, async () => {
  let ended = 0
  const endless = thing(async function* () {
    try {
      for (let at = 0; ; at++) yield { Name: `Thing ${at}` }
    } finally {
      ended++
    }
  })
  await using site = await restDesk([endless])
  for await (const _ of host(site).invoke('Get-Thing', values(), quiet())) break
  await until('the end after leaving', () => ended === 1)
  const stop = new AbortController()
  const stopped = new Refusal('RequestAborted', 'Ctrl-C')
  await assert.rejects(async () => {
    for await (const _ of host(site).invoke('Get-Thing', values(), quiet(stop.signal))) stop.abort(stopped)
  }, stopped)
  await until('the end after Ctrl-C', () => ended === 2)
})

test('an answer that breaks off, is no JSON or comes from another server is told apart from a good one', async () => {
  const answers = (status: number, ...parts: string[]) =>
    remoteHost({
      organisation: 'x',
      send: async ({ method }) => ({
        status: method === 'GET' ? 200 : status,
        headers: {},
        body: (async function* () {
          for (const part of method === 'GET' ? ['{"value":[]}'] : parts) yield Buffer.from(part)
        })(),
      }),
    })
  const run = (...answer: [number, ...string[]]) => Array.fromAsync(answers(...answer).invoke('Get-Thing', values(), quiet()))
  assert.equal((await run(200, '{"object":{"Na', 'me":"ä"}}\n{"do', 'ne":true}\n')).length, 1)
  await assert.rejects(run(200, '{"object":{}}\n'), refusal('RequestAborted'))
  await assert.rejects(run(200, '{"object":{}}\n{"done"'), refusal('RequestAborted'))
  await assert.rejects(run(200, '<html>\n'), refusal('InternalServerError', /address of a site/))
  await assert.rejects(run(200, '{"object":7}\n'), refusal('InternalServerError', /address of a site/))
  await assert.rejects(run(502, '<html>Bad gateway</html>'), refusal('InternalServerError', /answered 502: <html>Bad gateway/))
  await assert.rejects(run(401, 'Sign in.\n'), refusal('Unauthenticated', /^Sign in\.$/))
  await assert.rejects(
    run(400, '{"error":{"code":"FromTheFuture","message":"New."}}'),
    refusal('InternalServerError', /^New\. \(FromTheFuture\)$/),
  )
})

test('a real site: its cmdlets are described once, run over its socket, and over HTTPS for an administrator', async (t) => {
  const data = await folderFor(t)
  const people = [{ address: 'boss@contoso.com', displayName: 'Boss', rights: { roles: ['Organization Management'] } }]
  await using site = await startTestSite({ config: { data }, people })
  const overTheSocket = remoteHost({ send: overSocket(adminSocketAt(data).path), organisation: 'default' })
  const described = await overTheSocket.describe()
  const getMailbox = described.find(({ name }) => name === 'Get-Mailbox')
  assert.deepEqual([getMailbox?.returns, getMailbox?.parameters.find(({ name }) => name === 'Identity')?.position], ['Mailbox', 0])
  assert.equal(await overTheSocket.describe(), described)
  const mailboxes = await Array.fromAsync(overTheSocket.invoke('Get-Mailbox', values({ Identity: 'mary' }), quiet()))
  assert.deepEqual(mailboxes.map((one) => (one as Thing).get('PrimarySmtpAddress')), ['mary@contoso.com']) // prettier-ignore

  const basic = Buffer.from(`boss@contoso.com:${site.password}`).toString('base64')
  const cmdlets = '/adminapi/v2.0/contoso.com/Cmdlets'
  assert.equal((await site.call(cmdlets)).status, 401)
  using forged = overHttps({ url: site.url, ca: site.ca, authorization: async () => 'Bearer no-token' })
  await assert.rejects(remoteHost({ send: forged, organisation: 'contoso.com' }).describe(), refusal('Unauthenticated'))
  using send = overHttps({ url: site.url, ca: site.ca, authorization: async () => `Basic ${basic}` })
  const withPassword = remoteHost({ send, organisation: 'contoso.com' })
  await assert.rejects(withPassword.describe(), refusal('Unauthenticated'), 'a password alone administers nothing')
  await assert.rejects(
    Array.fromAsync(withPassword.invoke('Get-Mailbox', values({ Identity: 'rob' }), quiet())),
    refusal('Unauthenticated'),
  )
})
