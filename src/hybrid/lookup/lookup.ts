import type { Directory } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Caller, type RefusalCode } from '#model'
import { LookupFailure } from '../failure.ts'
import { RemoteFailure } from '../remote/http.ts'
import { noAnswerRemedies } from '../remote/no-answer.ts'
import type { BranchRecorder, TraceRecorder, Traces } from '../trace/recorder.ts'
import type { Branch, LookupTrace, PersonOutcome } from '../trace/trace.ts'
import type { Asker, Question, Requester, SendEws } from './asker.ts'
import { homeOf } from './home.ts'
import { routeKey, type ChosenRoute, type Route } from './route.ts'

/** What a lookup works with. */
export interface LookupContext {
  directory: Pick<Directory, 'find' | 'acceptedDomain' | 'recipient'>
  /** The way to a domain, for people of an organisation. */
  routeFor: (organisation: string, domain: string) => Promise<ChosenRoute>
  mailboxes: Pick<Mailboxes, 'freeBusy' | 'mailTips' | 'suggestions'>
  askers: {
    OAuth: Asker<Extract<Route, { generation: 'OAuth' }>['connector']>
    DAuth: Asker<Extract<Route, { generation: 'DAuth' }>['relationship']>
    CrossForest: Asker<Extract<Route, { generation: 'CrossForest' }>['space']>
  }
  traces: Traces
  /** Milliseconds that another organisation has, all its steps together. */
  deadline: number
}

/** What is asked about people, wherever they are; `A` is what is told of one. */
export interface Inquiry<A extends { address: string }> {
  what: 'freeBusy' | 'mailTips'
  /** What the trace calls it to look here. */
  looks: string
  /** People of a domain that no way leads to: asked about here, or refused. */
  strangers: 'here' | 'refused'
  /** Asks about people here. One outcome for each; refuses for all what is wrong with the question itself. */
  here(people: readonly string[]): Promise<(A | Refusal)[]>
  /** Asks about people who are elsewhere. One outcome for each, in order. */
  there(people: readonly Away[], send: SendEws, requester: Requester): Promise<(A | Refusal)[]>
  /** Why a way that was chosen is not for this question; absent = every way is. */
  barred?(route: Route): LookupFailure | undefined
  /** What was given, and why it is less than was asked for. */
  told(answer: A): Pick<PersonOutcome, 'view' | 'cause'>
}

/** Somebody asked about. */
interface Asked {
  address: string
  /** The place in the question. */
  at: number
}

/** The same, of somebody elsewhere; `target` is the address that the other organisation knows them by. */
export interface Away extends Asked {
  target: string
  domain: string
}

/** People who are asked about together. */
interface Group {
  chosen: ChosenRoute
  of: Away[]
}

/** What was found out about people, in their order. */
interface Found<A> {
  of: readonly Asked[]
  outcomes: (A | Refusal)[]
}

/**
 * Asks about people where each of them lives (source R4), all organisations at once: one that is slow or broken delays nobody beyond the
 * deadline and spoils nobody else's answer. One outcome for each, in the order asked; `trace` when the question left the site or came
 * from outside. Refuses for all as `inquiry.here`.
 */
export async function lookUp<A extends { address: string }>(
  ctx: LookupContext,
  caller: Caller,
  people: readonly string[],
  inquiry: Inquiry<A>,
): Promise<{ outcomes: (A | Refusal)[]; trace?: LookupTrace }> {
  const { here, away } = await byHome(ctx, caller, people, inquiry.strangers)
  if (away.length === 0 && !caller.via) return { outcomes: await inquiry.here(people) }
  // What is wrong with the question itself is said before anybody else is asked.
  if (!caller.via) await inquiry.here([])
  const requester = caller.via ? undefined : await requesterOf(ctx, caller)
  const recorder = ctx.traces.begin({
    organisation: caller.organisation,
    role: caller.via ? 'answered' : 'asked',
    what: inquiry.what,
    from: caller.partner?.address ?? caller.address,
  })
  const outcomes: (A | Refusal)[] = []
  const told = (one: Asked, outcome: A | Refusal) => recorder.outcome({ address: one.address, ...outcomeLine(inquiry, outcome) })
  try {
    const found = await Promise.all([
      askHere(recorder, caller, here, inquiry),
      ...(requester ? away.map((group) => askGroup(ctx, recorder, requester, group, inquiry)) : [refusedOnward<A>(recorder, away)]),
    ])
    for (const part of found) part.of.forEach(({ at }, index) => (outcomes[at] = part.outcomes[index] as A | Refusal))
  } catch (error) {
    // What is wrong with the question itself is said of everybody.
    if (error instanceof Refusal) for (const [at, address] of people.entries()) told({ address, at }, error)
    recorder.end()
    throw error
  }
  for (const [at, address] of people.entries()) told({ address, at }, outcomes[at] as A | Refusal)
  return { outcomes, trace: recorder.end() }
}

function outcomeLine<A extends { address: string }>(inquiry: Inquiry<A>, outcome: A | Refusal): Omit<PersonOutcome, 'address'> {
  if (!(outcome instanceof Refusal)) return { code: 'NoError', ...inquiry.told(outcome) }
  return { code: `Error${outcome.code}`, view: '', cause: String(outcome.detail.cause ?? outcome.message) }
}

/** Who is here, and who is elsewhere: those reached by the same way together. */
async function byHome(
  ctx: LookupContext,
  { organisation }: Caller,
  people: readonly string[],
  strangers: Inquiry<never>['strangers'],
): Promise<{ here: Asked[]; away: Group[] }> {
  const here: Asked[] = []
  const groups = new Map<string, Group>()
  const routes = new Map<string, ChosenRoute>()
  for (const [at, address] of people.entries()) {
    const home = await homeOf(ctx.directory, organisation, address)
    if (home.is === 'here') {
      here.push({ address, at })
      continue
    }
    const { target, domain } = home
    const chosen = routes.get(domain) ?? (await ctx.routeFor(organisation, domain))
    routes.set(domain, chosen)
    if (!chosen.route && strangers === 'here') {
      here.push({ address, at })
      continue
    }
    const key = chosen.route ? routeKey(chosen.route) : `none ${domain}`
    const group = groups.get(key) ?? { chosen, of: [] }
    group.of.push({ address, at, target, domain })
    groups.set(key, group)
  }
  return { here, away: [...groups.values()] }
}

async function askHere<A extends { address: string }>(
  recorder: TraceRecorder,
  caller: Caller,
  of: readonly Asked[],
  inquiry: Inquiry<A>,
): Promise<Found<A>> {
  const people = of.map(({ address }) => address)
  if (people.length === 0 && !caller.via) return { of, outcomes: [] }
  const branch = recorder.branch('local', people, [])
  if (caller.via) {
    const { generation, by, claims } = caller.via
    const step = generation === 'CrossForest' ? 0 : 8
    branch.note(step, `${generation}: the request was taken because of '${by}'`, { verdict: 'ok', token: { ...claims } })
  }
  try {
    return { of, outcomes: await branch.hop(0, inquiry.looks, () => inquiry.here(people)) }
  } finally {
    branch.end()
  }
}

/** A request that another server vouched for is answered here or not at all. */
async function refusedOnward<A>(recorder: TraceRecorder, away: readonly Group[]): Promise<Found<A>> {
  const of = away.flatMap((group) => group.of)
  if (of.length === 0) return { of, outcomes: [] }
  const branch = recorder.branch('none', of.map(({ address }) => address), []) // prettier-ignore
  const cause = 'The mailbox is in another organisation again; a request from outside goes no further.'
  branch.note(0, 'not passed on', {
    verdict: 'failed',
    cause,
    remedy: 'The asking side should know where the mailbox is: check its routing address there.',
  })
  branch.end()
  return { of, outcomes: of.map(() => new Refusal('ProxyRequestNotAllowed', cause)) }
}

/** A person of ours as another organisation is told; somebody who is none → AccessDenied. */
export async function requesterOf(ctx: Pick<LookupContext, 'directory'>, caller: Caller): Promise<Requester> {
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

/** Asks one other organisation about those of its people who are in the group. */
async function askGroup<A extends { address: string }>(
  ctx: LookupContext,
  recorder: TraceRecorder,
  requester: Requester,
  { chosen, of }: Group,
  inquiry: Inquiry<A>,
): Promise<Found<A>> {
  const branch = recorder.branch(chosen.route?.generation ?? 'none', of.map(({ address }) => address), chosen.rows) // prettier-ignore
  const signal = AbortSignal.timeout(ctx.deadline)
  try {
    const route = wayFor(chosen, of[0]?.domain ?? '', inquiry)
    const question = {
      requester,
      targets: of.map(({ target }) => target),
      ask: (send: SendEws) => inquiry.there(of, send, requester),
    }
    const found = await within(signal, ask(ctx, route, question, branch, signal))
    // The client is told by what name it asked.
    const outcomes = found.map((one, at) => (one instanceof Refusal ? one : { ...one, address: of[at]?.address ?? one.address }))
    return { of, outcomes }
  } catch (error) {
    const refusal = refusalOf(error, branch.branch, recorder.id)
    if (!refusal) throw error
    return { of, outcomes: of.map(() => refusal) }
  } finally {
    branch.end()
  }
}

/** The way to the domain, where there is one and it is for this question; else a LookupFailure. */
function wayFor<A extends { address: string }>({ route }: ChosenRoute, domain: string, { barred }: Inquiry<A>): Route {
  if (!route) {
    throw new LookupFailure(
      'AddressSpaceNotFound',
      `Configuration information for forest/domain ${domain} could not be found.`,
      'Run the Hybrid Configuration Wizard, or make an IntraOrganizationConnector, OrganizationRelationship or AvailabilityAddressSpace for the domain.',
    )
  }
  const failure = barred?.(route)
  if (failure) throw failure
  return route
}

function ask<T>({ askers }: LookupContext, route: Route, question: Question<T>, branch: BranchRecorder, signal: AbortSignal): Promise<T> {
  switch (route.generation) {
    case 'OAuth':
      return askers.OAuth.ask(route.connector, question, branch, signal)
    case 'DAuth':
      return askers.DAuth.ask(route.relationship, question, branch, signal)
    case 'CrossForest':
      return askers.CrossForest.ask(route.space, question, branch, signal)
  }
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
export function refusalOf(error: unknown, branch: Branch, trace: string): Refusal | undefined {
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
    return ended(
      step > 0 && step <= 5 ? 'AutoDiscoverFailed' : 'ProxyRequestProcessingFailed',
      error.message,
      noAnswerRemedies[error.cause],
    )
  }
  // What a reader refuses is the other side's answer, never the client's question.
  return error instanceof Refusal
    ? ended('ProxyRequestProcessingFailed', error.message, 'Look into the other side’s log for the request.')
    : undefined
}
