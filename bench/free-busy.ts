import { Agent, request as startRequest } from 'node:https'
import type { Generation } from '#hybrid'
import { serverCertificate } from '#trust'
import { connectRaw, succeeded } from '../test/clients/raw-ews.ts'
import { startBareServer } from './bare-server.ts'
import { benchPauses } from './pauses.ts'
import { monday, startPremises, type Premises } from './premises.ts'
import { inMs, sideBySide, timesOf, together } from './side-by-side.ts'
import { rate, type Row } from './table.ts'

const names: Record<Generation, string> = { CrossForest: '(a) service account', DAuth: '(b) delegation token', OAuth: '(c) OAuth' }
const day = { start: monday, end: monday + 86_400_000 }
const [few, many] = [6, 3]
const networkDelay = 40

/**
 * Free/busy of people of other organisations, by each generation of trust. Both ends of every lookup, the auth service and the bare
 * server run in this process, so that a lookup costs one core what it costs two servers together. The bare request is of the same sizes,
 * over a kept connection of TLS: what its handshake proved makes no difference.
 */
export async function benchFreeBusy(): Promise<Row[]> {
  await using premises = await startPremises()
  const rows: Row[] = []
  for (const generation of Object.keys(names) as Generation[]) {
    await premises.askBy(generation)
    rows.push(...(await onePerson(premises, generation)), ...(await hundredPeople(premises, generation)))
  }
  rows.push(...(await overNetwork(premises)), ...(await benchPauses(premises)))
  return rows
}

/** Asks as mary; one that gets no answer ends the bench. */
async function look({ asking, mary }: Premises, people: readonly string[], generation: Generation): Promise<void> {
  const { outcomes, trace } = await asking.hybrid.freeBusy(mary, people, day, { view: 'DetailedMerged' })
  const failed = outcomes.find((outcome) => outcome instanceof Error)
  if (failed) throw new Error(`${generation}: ${JSON.stringify(trace)}`, { cause: failed })
  if (trace?.branches.some((branch) => branch.generation !== generation)) throw new Error(`not asked by ${generation}`)
}

async function onePerson(premises: Premises, generation: Generation): Promise<Row[]> {
  const [person = ''] = premises.asked[0]?.people ?? []
  const lookup = () => look(premises, [person], generation)
  await lookup()
  await using bare = await bareRequest(premises, generation)
  await using client = clientOf(premises)
  const works = { lookup, bare: bare.exchange, here: () => client.ask('rob@contoso.example'), there: () => client.ask(person) }
  const { lookup: warm, bare: limit, here, there } = await sideBySide(works, 2000)
  const [ours, theirs] = [await together(lookup, 8, 1000), await together(bare.exchange, 8, 500)]
  const cold = await coldTimes(premises, lookup, few)
  const what = `Free/busy across, ${names[generation]}`
  const aim = generation === 'OAuth' ? '; aim at most 3' : ''
  return [
    {
      what: `${what}, one person`,
      measured: inMs(warm.p50),
      baseline: `${inMs(limit.p50)} bare`,
      ratio: warm.p50 / limit.p50,
      note: `p99 ${inMs(warm.p99)}, bare ${inMs(limit.p99)}; processor ${inMs(warm.cpu)}, bare ${inMs(limit.cpu)}; ${bare.sizes}${aim}`,
    },
    { what: `${what}, eight at once`, measured: rate(ours), baseline: `${rate(theirs)} bare`, ratio: ours / theirs },
    {
      what: `${what}, cold`,
      measured: inMs(cold.p50),
      baseline: `${inMs(warm.p50)} warm`,
      ratio: cold.p50 / warm.p50,
      note: `p99 ${inMs(cold.p99)}; no token, endpoint or connection`,
    },
    {
      what: `${what}, EWS client`,
      measured: inMs(there.p50),
      baseline: `${inMs(here.p50)} somebody here`,
      ratio: there.p50 / here.p50,
      note: `p99 ${inMs(there.p99)}, here ${inMs(here.p99)}`,
    },
  ]
}

async function hundredPeople(premises: Premises, generation: Generation): Promise<Row[]> {
  const { all, slowest } = await overFour(premises, generation, 1500)
  const people = premises.asked.flatMap((partner) => partner.people)
  const cold = await coldTimes(premises, () => look(premises, people, generation), many)
  const what = `Free/busy across, ${names[generation]}, 100 people of four organisations`
  return [
    {
      what,
      measured: inMs(all.p50),
      baseline: `${inMs(slowest)} slowest alone`,
      ratio: all.p50 / slowest,
      note: `p99 ${inMs(all.p99)}; all five sites share one core`,
    },
    {
      what: `${what}, cold`,
      measured: inMs(cold.p50),
      baseline: `${inMs(all.p50)} warm`,
      ratio: cold.p50 / all.p50,
      note: `p99 ${inMs(cold.p99)}`,
    },
  ]
}

/** All four organisations at once beside each of them alone. */
async function overFour(premises: Premises, generation: Generation, ms: number) {
  const people = premises.asked.flatMap((partner) => partner.people)
  const alone = premises.asked.map((partner) => [partner.domain, () => look(premises, partner.people, generation)] as const)
  const works: Record<string, () => Promise<void>> = { all: () => look(premises, people, generation), ...Object.fromEntries(alone) }
  const { all = { ...timesOf([]), cpu: 0 }, ...each } = await sideBySide(works, ms)
  return { all, slowest: Math.max(...Object.values(each).map(({ p50 }) => p50)) }
}

/** The same with a network between the organisations: there it shows whether all are asked at once. */
async function overNetwork(premises: Premises): Promise<Row[]> {
  premises.network.delay = networkDelay
  const { all, slowest } = await overFour(premises, 'OAuth', 2000)
  premises.network.delay = 0
  return [
    {
      what: `Free/busy across, ${names.OAuth}, 100 people of four organisations, ${networkDelay} ms of network`,
      measured: inMs(all.p50),
      baseline: `${inMs(slowest)} slowest alone`,
      ratio: all.p50 / slowest,
      note: `p99 ${inMs(all.p99)}; aim at most 2`,
    },
  ]
}

/** Lookups half a day apart: tokens, endpoints, challenges and remembered passwords have ended, and connections are closed. */
async function coldTimes(premises: Premises, lookup: () => Promise<void>, count: number) {
  const times: number[] = []
  for (let done = 0; done < count; done++) {
    premises.later(12)
    const began = performance.now()
    await lookup()
    times.push(performance.now() - began)
  }
  return timesOf(times)
}

/** The request of the lookup before, with headers and answer of the same sizes, to a server that does nothing. */
async function bareRequest({ seen }: Premises, generation: Generation) {
  const path = `/ews/exchange.asmx${generation === 'DAuth' ? '/wssecurity' : ''}`
  const last = seen.get(path)
  if (!last) throw new Error('no lookup was seen')
  const { request, reply } = last
  const answer = Buffer.from(reply.body as string)
  const tls = await serverCertificate({ organisation: 'Contoso', names: ['localhost'], clock: Date.now })
  const server = await startBareServer(tls, answer)
  const agent = new Agent({ keepAlive: true, ca: tls.ca })
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host'))
  const exchange = (): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const sent = startRequest({
      agent,
      host: 'localhost',
      port: server.port,
      path,
      method: 'POST',
      headers: headers as Record<string, string>,
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      response.on('end', resolve)
    })
    sent.end(request.body)
    return promise
  }
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`
  const asked = request.body.length + JSON.stringify(headers).length
  return {
    exchange,
    sizes: `${kib(asked)} asked, ${kib(answer.length)} answered`,
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await server.close()
    },
  }
}

/** A client of mary's at home that asks over EWS. */
function clientOf({ asking, password }: Premises) {
  const ews = connectRaw({ url: asking.endpoints.ews, ca: asking.ca, user: 'mary@contoso.example', password })
  const local = (instant: number): string => new Date(instant).toISOString().slice(0, 19)
  const change =
    '<t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>'
  return {
    ask: async (address: string) =>
      succeeded(
        await ews.call(
          `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime>${change}</t:StandardTime><t:DaylightTime>${change}</t:DaylightTime></t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>${local(day.start)}</t:StartTime><t:EndTime>${local(day.end)}</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`,
        ),
      ),
    async [Symbol.asyncDispose]() {
      ews.close()
    },
  }
}
