import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Generation } from '#hybrid'
import { answersValid } from '../support/answers-valid.ts'
import { connectSites, names, sideOf, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { askFreeBusy } from '../hybrid/ask.ts'
import { at } from '../hybrid/calendars.ts'
import { hostileAnswers, leadsTo, namesEws, poxNames, strangeViews } from '../hybrid/hostile-answers.ts'
import { see, trustSites } from '../hybrid/outside-client.ts'
import { askBy, serviceAccounts } from '../hybrid/routes.ts'
import { startStranger, type StrangeAnswer, type Stranger } from '../hybrid/stranger.ts'

const odd = 'https://odd.online.example'
/** Names of the organisation's domain that lead into the own network; the auth service gives tokens for them too. */
const unsafe = ['https://inner.online.example/', 'https://sneaky.online.example/']
const generations = ['OAuth', 'DAuth', 'CrossForest'] as const

/** Two premises; where on-premises thinks that online is, a stranger answers. `elsewhere` must never be asked anything. */
async function startOdd() {
  const answers = answersValid()
  const sites = await startHybridSites({
    people: { onPremises: [serviceAccounts.onPremises], online: [serviceAccounts.online] },
    allow: ['odd.online.example'],
    around: (_place, route) => answers.around(route),
  })
  const stranger = await startStranger(sites, 'odd.online.example')
  const elsewhere = await startStranger(sites, 'else.example', 'sneaky.online.example')
  sites.zone.set('inner.online.example', { address: '10.0.0.1' })
  await connectSites(sites)
  await sideOf(sites.online, 'online').invoke('Set-ServicePrincipal', { AddResource: [`${odd}/`, ...unsafe] })
  return {
    sites,
    stranger,
    elsewhere,
    async [Symbol.asyncDispose]() {
      await stranger[Symbol.asyncDispose]()
      await elsewhere[Symbol.asyncDispose]()
      await sites[Symbol.asyncDispose]()
      answers.settle()
    },
  }
}

/** Leads the generation to the stranger: to its Autodiscover, or straight to its EWS. */
async function leadToStranger(sites: HybridSites, generation: Generation): Promise<void> {
  const { invoke } = sideOf(sites.onPremises, 'on-premises')
  await askBy(sites, 'to online', generation)
  await invoke('Set-IntraOrganizationConnector', { Identity: 'HybridIOC', DiscoveryEndpoint: `${odd}/autodiscover/autodiscover.svc` })
  await invoke('Set-OrganizationRelationship', { Identity: 'On-premises to online', TargetAutodiscoverEpr: `${odd}/autodiscover/autodiscover.svc/WSSecurity` }) // prettier-ignore
  if (generation === 'CrossForest')
    await invoke('Set-AvailabilityAddressSpace', { Identity: names.online.domain, TargetAutodiscoverEpr: `${odd}/autodiscover/autodiscover.xml` }) // prettier-ignore
}

const bearer =
  'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1"'

/** Answers as Autodiscover and EWS of the odd place; an empty Bearer gets a challenge. */
function answerAs(stranger: Stranger, parts: { autodiscover?: Stranger['answer']; ews?: Stranger['answer'] }): void {
  stranger.requests.length = 0
  stranger.answer = (request) => {
    if (request.headers.authorization?.trim() === 'Bearer') return { status: 401, headers: { 'www-authenticate': bearer } }
    if (request.path.startsWith('/autodiscover')) {
      const named = request.path.endsWith('.xml') ? poxNames(`${odd}/EWS`) : namesEws(`${odd}/EWS`)
      return parts.autodiscover ? parts.autodiscover(request) : named
    }
    return parts.ews?.(request)
  }
}

type Opened = Awaited<ReturnType<typeof startOdd>>

for (const generation of generations) {
  test(`a hostile server asked by ${generation}`, async (t) => {
    await using opened = await startOdd()
    await leadToStranger(opened.sites, generation)
    trustSites(opened.sites.onPremises)
    for (const place of ['autodiscover', 'ews'] as const) {
      for (const row of hostileAnswers) {
        await t.test(`${row.what} in place of ${place}`, () => isNoAnswer(opened, generation, place, row))
      }
    }
    for (const { what, answer } of strangeViews) await t.test(`a view of a person: ${what}`, () => comesThrough(opened, answer))
    for (const url of forbidden) await t.test(`leads to ${url}`, () => isNotFollowed(opened, generation, url))
    if (generation !== 'CrossForest') await t.test('leads on for ever', () => isLeftAtTen(opened))
    if (generation === 'OAuth') await t.test('answers damaged at random', () => isNoBug(opened))
    assert.deepEqual(opened.elsewhere.requests, [])
  })
}

async function isNoAnswer(
  { sites, stranger }: Opened,
  generation: Generation,
  place: 'autodiscover' | 'ews',
  { answer, cause }: (typeof hostileAnswers)[number],
): Promise<void> {
  answerAs(stranger, { [place]: () => answer })
  const { generation: by, code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
  const wanted = place === 'ews' ? 'ErrorProxyRequestProcessingFailed' : 'ErrorAutoDiscoverFailed'
  assert.deepEqual([by, code], [generation, wanted], causes.join('\n'))
  // Plain XML Autodiscover has words of its own.
  assert.match(causes.join('\n'), generation === 'CrossForest' && place === 'autodiscover' ? /Autodiscover|answer/ : cause)
  assert.ok(causes.every((one) => one.length < 3000))
  assert.ok(stranger.requests.length <= 3)
}

/** Over the wire, so that what comes through is held against the schema too. */
async function comesThrough({ sites, stranger }: Opened, answer: StrangeAnswer): Promise<void> {
  answerAs(stranger, { ews: () => answer })
  const window = { start: at(0), end: at(48) }
  const [local, foreign] = await see(sites.onPremises, 'mary@contoso.com', ['mary@contoso.com', 'joe@contoso.com'], window)
  assert.equal(local?.code, 'NoError')
  assert.equal(foreign?.ids, false)
}

/** Addresses that an answer of Autodiscover must not lead to. */
const forbidden = [
  'http://odd.online.example/autodiscover/autodiscover.svc',
  'https://else.example/autodiscover/autodiscover.svc',
  'https://10.0.0.1/autodiscover/autodiscover.svc',
  'https://127.0.0.1/autodiscover/autodiscover.svc',
  'https://[::1]/autodiscover/autodiscover.svc',
  'https://inner.online.example/autodiscover/autodiscover.svc',
  'https://sneaky.online.example/autodiscover/autodiscover.svc',
  'https://odd.online.example@else.example/',
  'https://online.example.else.example/',
  'ftp://odd.online.example/',
  'nonsense',
]

async function isNotFollowed({ sites, stranger }: Opened, generation: Generation, url: string): Promise<void> {
  const soap = [() => namesEws(url), () => leadsTo('RedirectUrl', url)]
  for (const autodiscover of generation === 'CrossForest' ? [() => poxNames(url)] : soap) {
    answerAs(stranger, { autodiscover })
    sites.onPremises.hybrid.forget()
    const { code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
    assert.match(code, /^Error(AutoDiscover|ProxyRequestProcessing)Failed$/)
    assert.match(causes.join('\n'), /it is not called/)
    assert.deepEqual(stranger.requests.filter(({ path }) => !path.startsWith('/autodiscover')), []) // prettier-ignore
  }
}

async function isLeftAtTen({ sites, stranger }: Opened): Promise<void> {
  const ask = async (answer: Stranger['answer'], cause: RegExp, asked: number) => {
    answerAs(stranger, { autodiscover: answer })
    sites.onPremises.hybrid.forget()
    const { code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
    assert.equal(code, 'ErrorAutoDiscoverFailed')
    assert.match(causes.join('\n'), cause)
    assert.equal(stranger.requests.filter(({ body }) => body !== '').length, asked)
  }
  let hop = 0
  const on = () => leadsTo('RedirectUrl', `${odd}/autodiscover/${hop++}/autodiscover.svc`)
  await ask(on, /Autodiscover led on more than 10 times/, 11)
  await ask(() => leadsTo('RedirectAddress', `joe${hop++}@${names.online.domain}`), /led on more than 10 times/, 11)
  await ask(() => leadsTo('RedirectAddress', 'joe@else.example'), /leads on to joe@else\.example, whose domain is not one of that/, 1)
  await ask(() => leadsTo('RedirectAddress', 'nobody'), /leads on to nobody/, 1)
  // A few that lead to where the mailbox is are followed.
  hop = 0
  answerAs(stranger, { autodiscover: () => (hop < 3 ? on() : namesEws(`https://${names.online.mail}/EWS/Exchange.asmx`)) })
  const { code, causes } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
  assert.equal(code, 'NoError', causes.join('\n'))
  sites.onPremises.hybrid.forget()
}

/** Whatever is in an answer, it is an answer or none; what is thrown would be a bug here. */
async function isNoBug({ sites, stranger }: Opened): Promise<void> {
  let seed = 20_300_107
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const sources = strangeViews.map(({ answer }) => Buffer.from(answer.body ?? '')).filter(({ length }) => length < 10_000)
  for (let round = 0; round < 150; round++) {
    const body = Buffer.from(sources[random(sources.length)] ?? '')
    for (let bytes = 0; bytes < 3 && body.length > 0; bytes++) body[random(body.length)] = random(256)
    answerAs(stranger, { ews: () => ({ headers: { 'content-type': 'text/xml' }, body }) })
    const { trace } = await askFreeBusy(sites, 'mary', 'joe@contoso.com').catch((cause: unknown) => {
      throw new Error(`a bug for ${body.toString('latin1')}`, { cause })
    })
    assert.equal(trace.outcomes.length, 1)
  }
}
