import type { Directory } from '#directory'
import type { Availability, FreeBusyOptions, Mailboxes, TimeWindow } from '#mailbox'
import { Refusal, type Caller, type RefusalCode } from '#model'
import { LookupFailure } from '../failure.ts'
import { RemoteFailure } from '../remote/http.ts'
import { noAnswerRemedies } from '../remote/no-answer.ts'
import type { BranchRecorder, TraceRecorder, Traces } from '../trace/recorder.ts'
import type { Branch, LookupTrace } from '../trace/trace.ts'
import type { Asker, Requester } from './asker.ts'
import { homeOf, type Home } from './home.ts'
import { routeFor, routeKey, type ChosenRoute, type Route } from './route.ts'

export type Outcome = Availability | Refusal

/** What a lookup works with. */
export interface LookupContext {
  directory: Pick<Directory, 'find' | 'acceptedDomain' | 'recipient'>
  configuration: Parameters<typeof routeFor>[0]
  mailboxes: Pick<Mailboxes, 'freeBusy'>
  askers: { OAuth: Asker<Extract<Route, { generation: 'OAuth' }>['connector']> } & Partial<{
    DAuth: Asker<Extract<Route, { generation: 'DAuth' }>['relationship']>
    CrossForest: Asker<Extract<Route, { generation: 'CrossForest' }>['space']>
  }>
  traces: Traces
  /** Milliseconds that another organisation has, all its steps together. */
  deadline: number
}

/** People of one question at most, wherever they are ([MS-OXWAVLS] 3.1.4.1). */
const mostPeople = 100

interface Asked {
  address: string
  at: number
  home: Home
}

/**
 * Who has time when, people of other organisations included ([MS-OXWAVLS] 3.1.4.1; source R4). Each is asked for where the mailbox is,
 * all organisations at once; one that is slow or broken delays and spoils nobody else's answer. One outcome for each, in the order
 * asked. Refuses for all as `mailboxes.freeBusy`; over 100 people → MailboxDataArrayTooBig.
 */
export async function freeBusy(
  ctx: LookupContext,
  caller: Caller,
  people: readonly string[],
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<{ outcomes: Outcome[]; trace?: LookupTrace }> {
  if (people.length > mostPeople) {
    throw new Refusal('MailboxDataArrayTooBig', `At most ${mostPeople} people can be asked for at once.`, { most: mostPeople })
  }
  const asked: Asked[] = []
  for (const [at, address] of people.entries()) asked.push({ address, at, home: await homeOf(ctx.directory, caller.organisation, address) })
  const here = asked.filter(({ home }) => home.is === 'here')
  const away = asked.filter(({ home }) => home.is === 'elsewhere')
  const outcomes: Outcome[] = []
  if (away.length === 0 && !caller.via) return { outcomes: await ctx.mailboxes.freeBusy(caller, people, window, options) }
  const recorder = ctx.traces.begin({
    organisation: caller.organisation,
    role: caller.via ? 'answered' : 'asked',
    what: 'freeBusy',
    from: caller.partner?.address ?? caller.address,
  })
  const put = (of: readonly Asked[], found: readonly Outcome[]) => of.forEach(({ at }, index) => (outcomes[at] = found[index] as Outcome))
  const local = askHere(ctx, recorder, caller, here, window, options)
  const remote = caller.via ? [refusedOnward(recorder, away)] : await askElsewhere(ctx, recorder, caller, away, window, options)
  // What is wrong with the question itself is thrown by the part that is here.
  put(here, await local)
  for (const branch of await Promise.all(remote)) put(branch.of, branch.found)
  for (const { address, at } of asked) recorder.outcome(outcomeLine(address, outcomes[at] as Outcome, options.view))
  return { outcomes, trace: recorder.end() }
}

function outcomeLine(address: string, outcome: Outcome, wanted: string): LookupTrace['outcomes'][number] {
  if (outcome instanceof Refusal)
    return { address, code: `Error${outcome.code}`, view: '', cause: String(outcome.detail.cause ?? outcome.message) }
  const less = outcome.view === wanted ? '' : `${outcome.view} is given where ${wanted} was asked for`
  return { address, code: 'NoError', view: outcome.view, cause: less }
}

async function askHere(
  ctx: LookupContext,
  recorder: TraceRecorder,
  caller: Caller,
  here: readonly Asked[],
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<Outcome[]> {
  const people = here.map(({ address }) => address)
  // Nobody is asked for here, but what is wrong with the question is said all the same.
  if (people.length === 0 && !caller.via) return ctx.mailboxes.freeBusy(caller, people, window, options)
  const branch = recorder.branch('local', people, [])
  if (caller.via) {
    const { generation, by, claims } = caller.via
    const step = generation === 'CrossForest' ? 0 : 8
    branch.note(step, `${generation}: the request was taken because of '${by}'`, { verdict: 'ok', token: { ...claims } })
  }
  try {
    return await branch.hop(0, 'read the calendars that are here', () => ctx.mailboxes.freeBusy(caller, people, window, options))
  } finally {
    branch.end()
  }
}

interface Answered {
  of: readonly Asked[]
  found: Outcome[]
}

/** A request that another server vouched for is answered here or not at all. */
async function refusedOnward(recorder: TraceRecorder, away: readonly Asked[]): Promise<Answered> {
  if (away.length === 0) return { of: away, found: [] }
  const branch = recorder.branch('none', away.map(({ address }) => address), []) // prettier-ignore
  const cause = 'The mailbox is in another organisation again; a request from outside goes no further.'
  branch.note(0, 'not passed on', {
    verdict: 'failed',
    cause,
    remedy: 'The asking side should know where the mailbox is: check its routing address there.',
  })
  branch.end()
  return { of: away, found: away.map(() => new Refusal('ProxyRequestNotAllowed', cause)) }
}

async function askElsewhere(
  ctx: LookupContext,
  recorder: TraceRecorder,
  caller: Caller,
  away: readonly Asked[],
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<Promise<Answered>[]> {
  const groups = new Map<string, { chosen: ChosenRoute; of: Asked[] }>()
  const routes = new Map<string, ChosenRoute>()
  for (const one of away) {
    const { domain } = one.home as Extract<Home, { is: 'elsewhere' }>
    const chosen = routes.get(domain) ?? (await routeFor(ctx.configuration, caller.organisation, domain))
    routes.set(domain, chosen)
    const key = chosen.route ? routeKey(chosen.route) : `none ${domain}`
    const group = groups.get(key) ?? { chosen, of: [] }
    group.of.push(one)
    groups.set(key, group)
  }
  const requester = await requesterOf(ctx, caller)
  return [...groups.values()].map(async ({ chosen, of }) => {
    const branch = recorder.branch(chosen.route?.generation ?? 'none', of.map(({ address }) => address), chosen.rows) // prettier-ignore
    try {
      return { of, found: await askBranch(ctx, recorder, chosen.route, of, requester, branch, window, options) }
    } finally {
      branch.end()
    }
  })
}

async function requesterOf(ctx: LookupContext, caller: Caller): Promise<Requester> {
  const recipient = caller.recipient ? await ctx.directory.recipient(caller.organisation, caller.recipient) : undefined
  if (!recipient) throw new Refusal('AccessDenied', 'Only people of the organisation may ask other organisations.')
  const { address, proxyAddresses, userPrincipalName, sid, id } = recipient
  return {
    caller,
    address,
    addresses: proxyAddresses.flatMap((one) => (/^smtp:/i.test(one) ? [one.slice(5).toLowerCase()] : [])),
    userPrincipalName: userPrincipalName || address,
    sid,
    immutableId: Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64'),
  }
}

async function askBranch(
  ctx: LookupContext,
  { id }: TraceRecorder,
  route: Route | undefined,
  of: readonly Asked[],
  requester: Requester,
  branch: BranchRecorder,
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<Outcome[]> {
  const targets = of.map(({ home }) => (home as Extract<Home, { is: 'elsewhere' }>).target)
  const question = { requester, targets, window, options }
  const signal = AbortSignal.timeout(ctx.deadline)
  try {
    if (!route) {
      const { domain } = of[0]?.home as Extract<Home, { is: 'elsewhere' }>
      throw new LookupFailure(
        'AddressSpaceNotFound',
        `Configuration information for forest/domain ${domain} could not be found.`,
        'Run the Hybrid Configuration Wizard, or make an IntraOrganizationConnector, OrganizationRelationship or AvailabilityAddressSpace for the domain.',
      )
    }
    const found = await within(signal, ask(ctx, route, question, branch, signal))
    // The client is told by what name it asked.
    return found.map((one, at) => (one instanceof Refusal ? one : { ...one, address: of[at]?.address ?? one.address }))
  } catch (error) {
    const refusal = refusalOf(error, branch.branch, id)
    if (!refusal) throw error
    return of.map(() => refusal)
  }
}

function ask(
  ctx: LookupContext,
  route: Route,
  question: Parameters<Asker<never>['freeBusy']>[1],
  branch: BranchRecorder,
  signal: AbortSignal,
) {
  switch (route.generation) {
    case 'OAuth':
      return ctx.askers.OAuth.freeBusy(route.connector, question, branch, signal)
    case 'DAuth':
      return (ctx.askers.DAuth ?? notThere('DAuth')).freeBusy(route.relationship, question, branch, signal)
    case 'CrossForest':
      return (ctx.askers.CrossForest ?? notThere('CrossForest')).freeBusy(route.space, question, branch, signal)
  }
}

function notThere(generation: string): never {
  throw new LookupFailure('ProxyRequestProcessingFailed', `Other organisations are not asked by ${generation} at this site.`)
}

/** Milliseconds that a step has to end after the deadline. */
const grace = 50

/** The work, or the end of the time it has: a step that does not listen to the signal delays nobody. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new RemoteFailure('timeout', 'The other organisation did not answer in time.'))
    // A step that does listen ends by itself now, and says in the trace that it was the one.
    signal.addEventListener('abort', () => setTimeout(late, grace), { once: true })
    work.then(resolve, reject)
  })
}

/**
 * What the client is told of a branch that failed: the code, and where its administrator finds the cause. The last hop gets its
 * remedy. Undefined for a bug.
 */
function refusalOf(error: unknown, branch: Branch, trace: string): Refusal | undefined {
  const ended = (code: RefusalCode, cause: string, remedy: string) => {
    const last = branch.hops.at(-1)
    if (last?.verdict !== 'failed')
      branch.hops.push({ step: 0, what: 'ended', ms: 0, verdict: 'failed', cause, ...(remedy ? { remedy } : {}) })
    else if (remedy) last.remedy ??= remedy
    return new Refusal(code, `The other organisation gave no answer; your administrator finds why in the lookup trace ${trace}.`, {
      trace,
      cause,
    })
  }
  if (error instanceof LookupFailure) return ended(error.code, error.message, error.remedy)
  if (error instanceof RemoteFailure) {
    const step = branch.hops.findLast((hop) => hop.verdict === 'failed')?.step ?? 0
    return ended(step > 0 && step <= 5 ? 'AutoDiscoverFailed' : 'ProxyRequestProcessingFailed', error.message, noAnswerRemedies[error.cause])
  }
  return error instanceof Refusal ? ended(error.code, error.message, '') : undefined
}
