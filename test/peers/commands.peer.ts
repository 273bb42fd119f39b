import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { folderProblem } from '../../src/server/start-problem.ts'
import { folderFor, run } from '../support/command-line.ts'

function post(url: string, ca: string, user: string, password: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', ca, auth: `${user}:${password}`, headers: { 'content-type': 'text/xml' } })
    asked.on('error', reject)
    asked.on('response', async (response) => {
      let text = ''
      for await (const part of response) text += String(part)
      resolve({ status: response.statusCode ?? 0, body: text })
    })
    asked.end(body)
  })
}

const findItem = (folder: string, view: string) =>
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns="http://schemas.microsoft.com/exchange/services/2006/messages">' +
  '<s:Header><t:RequestServerVersion Version="Exchange2016"/></s:Header><s:Body><FindItem Traversal="Shallow"><ItemShape><t:BaseShape>Default</t:BaseShape>' +
  '<t:AdditionalProperties><t:FieldURI FieldURI="calendar:MyResponseType"/></t:AdditionalProperties></ItemShape>' +
  `${view}<ParentFolderIds><t:DistinguishedFolderId Id="${folder}"/></ParentFolderIds></FindItem></s:Body></s:Envelope>`

test('a lab fills itself once, takes a seed, drains on SIGTERM, and comes back at once with everything', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const seed = join(await folderFor(t), 'seed.json')
  const zoe = {
    address: 'zoe@contoso.com',
    displayName: 'Zoë Quick',
    password: 'zoe!',
    folders: ['A/B'],
    delegates: [{ user: 'mary@contoso.com' }],
  }
  await writeFile(
    seed,
    JSON.stringify({
      people: [
        zoe,
        { address: 'crew@contoso.com', displayName: 'Crew', kind: 'group', groupMembers: ['zoe@contoso.com', 'rob@contoso.com'] },
      ],
    }),
  )
  const words = ['lab', '--data', data, '--port-base', '0', '--password', 'Lab!1', '--seed', seed]
  const first = run(t, ...words)
  const [, url = ''] = await first.ready(/EWS\s+(https:\S+)/)
  const ca = await readFile(join(data, 'ca.pem'), 'utf8')
  const inbox = await post(
    url,
    ca,
    'mary@contoso.com',
    'Lab!1',
    findItem('inbox', '<IndexedPageItemView MaxEntriesReturned="500" Offset="0" BasePoint="Beginning"/>'),
  )
  assert.equal(inbox.status, 200)
  assert.ok(Number(/TotalItemsInView="(\d+)"/.exec(inbox.body)?.[1]) > 50, inbox.body.slice(0, 400))
  for (const kind of ['<t:MeetingRequest>', '<t:MeetingResponse>', '<t:Message>']) assert.ok(inbox.body.includes(kind), kind)
  const range = `<CalendarView StartDate="${new Date(Date.now() - 7 * 86_400_000).toISOString()}" EndDate="${new Date(Date.now() + 14 * 86_400_000).toISOString()}"/>`
  const calendar = await post(url, ca, 'rob@contoso.com', 'Lab!1', findItem('calendar', range))
  assert.match(calendar.body, /<t:Subject>Team meeting<\/t:Subject>.*?<t:MyResponseType>Accept<\/t:MyResponseType>/s)
  assert.equal((await post(url, ca, 'zoe@contoso.com', 'zoe!', findItem('inbox', ''))).status, 200)

  // A client in the middle of its request does not hold the drain up.
  const { hostname, port, pathname } = new URL(url)
  const slow = connect({ host: hostname, port: Number(port), ca })
  slow.on('error', () => {})
  await once(slow, 'secureConnect')
  slow.write(
    `POST ${pathname} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${btoa('mary@contoso.com:Lab!1')}\r\nContent-Length: 100\r\n\r\nhalf`,
  )
  const asked = performance.now()
  first.child.kill('SIGTERM')
  const { code, printed } = await first.ended
  assert.equal(code, 0, printed)
  const drained = performance.now() - asked
  assert.ok(drained < 5500, `it took ${drained} ms`)

  const second = run(t, ...words)
  const [, ms] = await second.ready(/ready after (\d+) ms/)
  t.diagnostic(`second start ready after ${ms} ms`)
  const [, again = ''] = await second.ready(/EWS\s+(https:\S+)/)
  const same = await post(
    again,
    ca,
    'mary@contoso.com',
    'Lab!1',
    findItem('inbox', '<IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'),
  )
  assert.equal(/TotalItemsInView="\d+"/.exec(same.body)?.[0], /TotalItemsInView="\d+"/.exec(inbox.body)?.[0])
  second.child.kill('SIGINT')
  assert.equal((await second.ended).code, 0)

  const check = await run(t, 'store', 'check', '--data', data).ended
  assert.deepEqual([check.code, /clean/.test(check.printed)], [0, true], check.printed)
  const copy = join(await folderFor(t), 'copy')
  const back = join(await folderFor(t), 'back')
  assert.equal((await run(t, 'store', 'backup', copy, '--data', data).ended).code, 0)
  assert.equal((await run(t, 'store', 'restore', copy, '--data', back).ended).code, 0)
  const twice = await run(t, 'store', 'restore', copy, '--data', back).ended
  assert.match(twice.printed, /is not empty\.\n {2}Name an empty or a new folder/)
})

test('a lab never touches a folder that is not a lab, nor a port that somebody has', async (t) => {
  const data = await folderFor(t)
  await writeFile(join(data, 'precious.txt'), 'mine')
  const foreign = await run(t, 'lab', '--data', data, '--port-base', '0', '--fresh').ended
  assert.equal(foreign.code, 1)
  assert.match(foreign.printed, /holds something that is not a lab/)
  assert.equal(await readFile(join(data, 'precious.txt'), 'utf8'), 'mine')

  const blocker = createServer().listen(0, '127.0.0.1')
  t.after(() => blocker.close())
  await once(blocker, 'listening')
  const { port } = blocker.address() as { port: number }
  const taken = await run(t, 'lab', '--data', join(data, 'new'), '--port-base', String(port)).ended
  assert.match(taken.printed, new RegExp(`port ${port} on 127.0.0.1 is in use by another program.\\n {2}Stop that program`))
})

test('a site is served from a configuration file, with people from a seed', async (t) => {
  const folder = await folderFor(t)
  const config = join(folder, 'site.json')
  const seed = join(folder, 'people.json')
  const listeners = { https: { port: 0 }, smtp: { port: 0 } }
  await writeFile(
    config,
    JSON.stringify({ organisation: { name: 'Fabrikam', domain: 'fabrikam.example' }, data: 'store', listeners, log: { file: 'log' } }),
  )
  await writeFile(seed, JSON.stringify({ people: [{ address: 'carla@fabrikam.example', displayName: 'Carla' }] }))
  assert.match((await run(t, 'serve', '--config', config, '--seed', seed).ended).printed, /carla@fabrikam\.example .* has no password/)
  await writeFile(seed, JSON.stringify({ people: [{ address: 'carla@fabrikam.example', displayName: 'Carla', password: 'c!' }] }))
  const served = run(t, 'serve', '--config', config, '--seed', seed)
  const [, base = ''] = await served.ready(/ready at (https:\S+)/)
  const ca = await readFile(join(folder, 'store', 'ca.pem'), 'utf8')
  const url = `${base}/EWS/Exchange.asmx`
  assert.equal((await post(url, ca, 'carla@fabrikam.example', 'c!', findItem('inbox', ''))).status, 200)
  served.child.kill('SIGTERM')
  assert.equal((await served.ended).code, 0)
  assert.match(await readFile(join(folder, 'log'), 'utf8'), /"operation":"FindItem"/)
})

test('mistakes in files are all named, with what to do', async (t) => {
  const folder = await folderFor(t)
  const file = join(folder, 'site.json')
  await writeFile(file, JSON.stringify({ organisation: { name: 'X', domain: 'x y' }, listeners: { https: { port: 'a' } }, extra: 1 }))
  const { code, printed } = await run(t, 'serve', '--config', file).ended
  assert.equal(code, 1)
  for (const path of ['organisation.domain', 'listeners.https.port', 'extra']) assert.ok(printed.includes(`\n  ${path}: `), printed)
  await writeFile(file, '{')
  assert.match((await run(t, 'serve', '--config', file).ended).printed, /is not JSON/)
  assert.match((await run(t, 'serve', '--config', join(folder, 'none')).ended).printed, /cannot be read/)
  await writeFile(file, JSON.stringify({ people: [{ address: 'x', displayName: 'X', colour: 1 }] }))
  assert.match((await run(t, 'lab', '--data', join(folder, 'd'), '--port-base', '0', '--seed', file).ended).printed, /people\.0\.address/)
  assert.notEqual((await run(t, 'lab', '--colour').ended).code, 0)
  assert.match((await run(t, '--help').ended).printed, /lab .*serve .*store /s)
})

test('a command that cannot reach a site says why and what to do, and is no bug', async (t) => {
  const folder = await folderFor(t)
  const [file, shut, long] = [join(folder, 'file'), join(folder, 'shut'), join(folder, 'l'.repeat(120))]
  await writeFile(file, '')
  await mkdir(shut)
  await writeFile(join(shut, 'admin.sock'), 'no socket')
  const rows: [string[], RegExp][] = [
    [['shell', '-c', 'Get-AcceptedDomain', '--data', file], /file is no folder\.\n {2}Name a folder/],
    [['shell', '-c', 'Get-AcceptedDomain', '--data', join(file, 'below')], /below is no folder\.\n {2}Name a folder/],
    [['hybrid', 'setup', '--data', file], /file is no folder/],
    [['store', 'check', '--data', file], /file is no folder/],
    [['lab', '--data', file, '--port-base', '0'], /file is no folder/],
    [
      ['shell', '-c', 'Get-AcceptedDomain', '--data', long],
      /opens no socket.* bytes; .*\n {2}Move the data to a folder with a shorter path/,
    ],
    [['shell', '-c', 'Get-AcceptedDomain', '--data', join(folder, 'l'.repeat(300))], /cannot be opened|opens no socket/],
    [['shell', '-c', 'Get-AcceptedDomain', '--data', shut], /No site runs with the data in/],
    [['shell', '-c', 'Get-AcceptedDomain', '--data', join(folder, 'none')], /No site runs with the data in/],
    ...['abc', '0', '63', '1.5', ''].map((days): [string[], RegExp] => [
      ['trace', 'freebusy', '--from', 'mary', '--to', 'joe@example.net', '--days', days, '--data', folder],
      /--days.*a number from 1 to 62/,
    ]),
  ]
  for (const [words, expected] of rows) {
    const { code, printed } = await run(t, ...words).ended
    assert.equal(code, 1, printed)
    assert.match(printed, expected)
    assert.doesNotMatch(printed, /stopped by a bug/)
  }
})

test('what the system says of a folder or socket is told in words, whatever it is', () => {
  const said = (code: string) => Object.assign(new Error(`${code}: somewhere`), { code })
  assert.match(folderProblem('data', said('EACCES')).message, /This user may not open data/)
  assert.match(folderProblem('data', said('ENOTDIR')).message, /data is no folder/)
  assert.match(folderProblem('data', said('EIO')).message, /data cannot be opened: EIO/)
  assert.throws(() => folderProblem('data', new TypeError('a bug')), TypeError)
})

test('a site whose path is too long for a socket says so in its log and serves all the same', async (t) => {
  const folder = await folderFor(t)
  const [config, data] = [join(folder, 'site.json'), join(folder, 'l'.repeat(120))]
  const organisation = { name: 'Fabrikam', domain: 'fabrikam.example' }
  await writeFile(config, JSON.stringify({ organisation, data, listeners: { https: { port: 0 } }, log: { file: 'log' } }))
  const served = run(t, 'serve', '--config', config)
  await served.ready(/ready at/)
  served.child.kill('SIGTERM')
  assert.equal((await served.ended).code, 0)
  assert.match(await readFile(join(folder, 'log'), 'utf8'), /"level":"warn".*"event":"noAdminSocket".*shorter path/)
})
