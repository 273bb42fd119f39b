import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../clients/until.ts'
import { base, restDesk, thing, type RestAnswer, type RestDesk } from './rest-desk.ts'

const body = (Count: number, CmdletName = 'Get-Thing') => ({ CmdletInput: { CmdletName, Parameters: { Count } } })
const size = (most: number | string) => ({ prefer: `odata.maxpagesize=${most}` })
const names = (answer: RestAnswer) => answer.body.value.map(({ Name }) => Name)

/** A cmdlet that counts how often it began and ended. */
function counted() {
  const seen = { begun: 0, ended: 0, made: 0 }
  const cmdlet = thing(async function* (count, { warn }) {
    seen.begun++
    try {
      for (let at = 1; at <= count; at++) {
        if (at % 10 === 1) warn(`Ten from ${at}.`)
        seen.made++
        yield { Name: at, Text: 'x'.repeat(100) }
      }
    } finally {
      seen.ended++
    }
  })
  return { seen, cmdlet }
}

const first = (site: RestDesk, count: number, most: number | string = 10) =>
  site.call(`${base}/InvokeCommand`, { headers: size(most), body: body(count) })
const follow = (site: RestDesk, link: string | undefined, options: Parameters<RestDesk['call']>[1] = {}) => {
  assert.ok(link, 'there is no next page')
  const { pathname, search } = new URL(link)
  return site.call(pathname + search, { headers: size(10), body: body(25), ...options })
}

test('the same body is posted to each next link until there is none; the cmdlet runs once, and no further than a page ahead', async () => {
  const { seen, cmdlet } = counted()
  await using site = await restDesk([cmdlet])
  const one = await first(site, 25)
  assert.deepEqual([names(one), one.headers['preference-applied']], [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 'odata.maxpagesize=10'])
  assert.deepEqual(seen, { begun: 1, ended: 0, made: 11 })
  const link = new URL(one.body['@odata.nextLink']!)
  assert.equal(link.origin + link.pathname, `http://127.0.0.1:${site.port}${base}/InvokeCommand`)
  const two = await follow(site, link.href)
  const three = await follow(site, two.body['@odata.nextLink'])
  assert.deepEqual([names(two).length, names(three)], [10, [21, 22, 23, 24, 25]])
  assert.equal(three.body['@odata.nextLink'], undefined)
  assert.deepEqual([one, two, three].map((page) => page.body['@adminapi.warnings']), [['Ten from 1.', 'Ten from 11.'], ['Ten from 21.'], []]) // prettier-ignore
  assert.deepEqual(seen, { begun: 1, ended: 1, made: 25 })
  assert.deepEqual(site.audit.map(({ cmdlet: name, outcome }) => [name, outcome]), [['Get-Thing', 'ok']]) // prettier-ignore
  const whole = await first(site, 10)
  assert.deepEqual([names(whole).length, whole.body['@odata.nextLink']], [10, undefined])
})

test('a page is given once, to its caller and for the same command', async () => {
  const { cmdlet } = counted()
  await using site = await restDesk([cmdlet])
  const link = (await first(site, 25)).body['@odata.nextLink']
  const gone = { status: 404, code: 'ObjectNotFound' }
  const codeOf = ({ status, body: { error } }: RestAnswer) => ({ status, code: error?.code })
  assert.deepEqual(codeOf(await follow(site, link, { as: 'sharer' })), gone)
  assert.deepEqual(codeOf(await follow(site, link, { body: body(26) })), gone)
  assert.deepEqual(codeOf(await follow(site, link, { body: body(25, 'Get-Mailbox') })), gone)
  assert.deepEqual(codeOf(await follow(site, `${link}x`)), gone)
  assert.equal((await follow(site, link)).status, 200, 'those who may not have it did not use it up')
  assert.deepEqual(codeOf(await follow(site, link)), gone)
  const links = await Promise.all(Array.from({ length: 5 }, async () => (await first(site, 25)).body['@odata.nextLink']))
  assert.equal(new Set(links).size, 5)
  assert.ok(
    links.every((each) => /\$skiptoken=[\w-]{43}$/.test(each ?? '')),
    'each of 256 random bits',
  )
  const both = await Promise.all([follow(site, links[0]), follow(site, links[0])])
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 404])
})

test('a page goes on for none whose rights are not those that it began with: it is ended', async () => {
  const { seen, cmdlet } = counted()
  await using site = await restDesk([cmdlet])
  const refusedOf = ({ status, body: { error } }: RestAnswer) => ({ status, code: error?.code })
  const asSharer = { as: 'sharer' } as const
  const begin = async () => {
    const page = await site.call(`${base}/InvokeCommand`, { ...asSharer, headers: size(10), body: body(25) })
    assert.equal(page.status, 200)
    return page.body['@odata.nextLink']
  }
  // What changes for others changes nothing.
  const unmoved = await begin()
  await site.run(`New-RoleGroup Others -Roles 'Federated Sharing' -Members mary`)
  const next = (await follow(site, unmoved, asSharer)).body['@odata.nextLink']
  assert.equal((await follow(site, next, asSharer)).status, 200)

  // Narrower, or by another role: it ran with what there was.
  const narrowed = await begin()
  const [{ Name: held = '' } = {}] = await site.run(`Get-ManagementRoleAssignment -RoleAssignee sharer`)
  await site.run(`New-ManagementScope Few -RecipientRestrictionFilter "Department -eq 'Few'"`)
  await site.run(`Set-ManagementRoleAssignment '${String(held)}' -CustomRecipientWriteScope Few`)
  const changed = await follow(site, narrowed, asSharer)
  assert.deepEqual(refusedOf(changed), { status: 403, code: 'AccessDenied' })
  assert.match(changed.body.error.message, /rights have changed/)
  assert.equal(seen.ended, 2)

  const taken = await begin()
  await site.run(`Remove-ManagementRoleAssignment '${String(held)}'`)
  assert.deepEqual(refusedOf(await follow(site, taken, asSharer)), { status: 403, code: 'AccessDenied' })
  assert.deepEqual(refusedOf(await follow(site, taken, asSharer)), { status: 404, code: 'ObjectNotFound' })
  assert.deepEqual([seen.begun, seen.ended], [3, 3])
})

test('who comes too late finds nothing, and the cmdlet was ended', async () => {
  const { seen, cmdlet } = counted()
  await using site = await restDesk([cmdlet], { lifetime: 60_000 })
  const link = (await first(site, 25)).body['@odata.nextLink']
  site.clock.now += 59_999
  const next = (await follow(site, link)).body['@odata.nextLink']
  site.clock.now += 60_000
  assert.equal((await follow(site, next)).status, 404)
  assert.equal(seen.ended, 1)
})

test('of too many waiting results the oldest of a caller end; the others’ stay, until there is no room at all', async () => {
  const { seen, cmdlet } = counted()
  await using site = await restDesk([cmdlet], { perCaller: 2, inAll: 3 })
  const other = await site.call(`${base}/InvokeCommand`, { as: 'sharer', headers: size(10), body: body(25) })
  const links: (string | undefined)[] = []
  for (let at = 0; at < 4; at++) links.push((await first(site, 25)).body['@odata.nextLink'])
  assert.equal(seen.ended, 2)
  assert.deepEqual([(await follow(site, links[0])).status, (await follow(site, links[1])).status], [404, 404])
  const full = await site.call(`${base}/InvokeCommand`, { as: 'sharer', headers: size(10), body: body(25) })
  assert.deepEqual([full.status, full.body.error?.code, full.headers['retry-after']], [503, 'ServerBusy', '5'])
  assert.equal(seen.ended, 3, 'the one that found no room was ended')
  assert.equal((await follow(site, other.body['@odata.nextLink'], { as: 'sharer' })).status, 200)
  assert.equal((await follow(site, links[2])).status, 200)
})

test('everything that waits ends with the site', async () => {
  const { seen, cmdlet } = counted()
  {
    await using site = await restDesk([cmdlet])
    await first(site, 25)
    await first(site, 25)
    assert.equal(seen.ended, 0)
  }
  assert.equal(seen.ended, 2)
})

test('a page has as many objects as are asked for within bounds, and not more bytes than it may have', async () => {
  const { cmdlet } = counted()
  await using site = await restDesk([cmdlet], { bytes: 100_000 })
  const count = async (prefer: string) => {
    const answer = await site.call(`${base}/InvokeCommand`, { headers: { prefer }, body: body(6000) })
    return [answer.body.value.length, answer.headers['preference-applied']]
  }
  assert.deepEqual(await count('maxpagesize=7'), [7, 'odata.maxpagesize=7'])
  assert.deepEqual(await count('return=minimal, odata.maxpagesize=8; odata.track-changes'), [8, 'odata.maxpagesize=8'])
  assert.deepEqual(await count('odata.maxpagesize=0'), [1, 'odata.maxpagesize=1'])
  const [bounded, applied] = await count('odata.maxpagesize=999999999')
  assert.ok(Number(bounded) > 600 && Number(bounded) < 1000, `${bounded} objects of some 120 bytes in 100,000`)
  assert.deepEqual([applied, (await count('nonsense'))[1]], ['odata.maxpagesize=5000', 'odata.maxpagesize=1000'])
})

test('only the properties that are selected come, with their marks, on each page', async () => {
  const dated = thing(async function* (count) {
    for (let at = 0; at < count; at++) yield { Name: at, WhenCreated: new Date(at), Other: 'x' }
  })
  await using site = await restDesk([dated])
  const one = await site.call(`${base}/InvokeCommand?$select=whencreated,%20Name`, { headers: size(1), body: body(2) })
  assert.deepEqual(Object.keys(one.body.value[0]!), ['Name', 'WhenCreated@data.type', 'WhenCreated'])
  const two = await follow(site, one.body['@odata.nextLink'], { body: body(2) })
  assert.deepEqual(Object.keys(two.body.value[0]!), ['Name', 'WhenCreated@data.type', 'WhenCreated'])
})

test('a cmdlet that fails on a later page answers with its refusal there', async () => {
  let ended = 0
  const failing = thing(async function* (count) {
    try {
      for (let at = 0; at < count; at++) yield { Name: at }
      throw new RangeError('a bug')
    } finally {
      ended++
    }
  })
  await using site = await restDesk([failing])
  const one = await first(site, 15)
  const two = await follow(site, one.body['@odata.nextLink'], { body: body(15) })
  assert.deepEqual([two.status, two.body.error.code, ended], [500, 'InternalServerError', 1])
  assert.equal((site.defects[0] as Error).message, 'a bug')
})

test('a client that goes away while its page is made ends the cmdlet', { timeout: 30_000 }, async () => {
  const begun = Promise.withResolvers<void>()
  let ended = 0
  const slow = thing(async function* (_count, { signal }) {
    try {
      yield { Name: 1 }
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        begun.resolve()
      })
    } finally {
      ended++
    }
  })
  await using site = await restDesk([slow])
  const leaving = new AbortController()
  const asked = fetch(`http://127.0.0.1:${site.port}${base}/InvokeCommand`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { 'content-type': 'application/json', authorization: 'Bearer boss' },
    body: JSON.stringify(body(5)),
  })
  await begun.promise
  leaving.abort()
  await assert.rejects(asked, { name: 'AbortError' })
  await until('the end of the cmdlet', () => ended === 1)
})
