/** Signing in for a program: the steps of an interaction of the provider, one page each. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { InteractionResults } from 'oidc-provider'
import {
  nextStep,
  shownOf,
  type HttpReply,
  type HttpRequest,
  type Proof,
  type SignInFacts,
  type SignInPolicy,
  type SignInProgress,
  type SignInStep,
} from '#access'
import type { Recipient } from '#directory'
import { Refusal } from '#model'
import { approvalPage, approve } from './approval.ts'
import { deviceFor, partyOf, rememberBrowser, type PagesContext } from './context.ts'
import { fieldsOf, formsFor, type Forms } from './forms.ts'
import { codesPage, enrolPage, factorPage, passwordPage } from './pages/sign-in.ts'
import { pageReply, problemPage, seeOther, type Page } from './pages/layout.ts'
import type { Say } from './pages/say.ts'
import { sayWith } from './language.ts'
import { mount, stepUp } from './provider.ts'

/** Seconds that somebody may take. */
const patience = 900
/** The provider asks for these because what was shown before does not do. */
const reasonsForAnew = ['max_age', 'step_up', 'login_prompt']

export type Interaction = Awaited<ReturnType<PagesContext['provider']['interactionDetails']>>

/** One visit of the page of an interaction. */
export interface Visit {
  context: PagesContext
  request: HttpRequest
  interaction: Interaction
  forms: Forms
  /** In the language of the visitor. */
  say: Say
  /** Ends the interaction with this result and answers where it goes on. */
  finish(result: InteractionResults): Promise<HttpReply>
}

/** Answers `GET` and `POST` of `/oauth2/interaction/{uid}`. */
export async function interact(
  context: PagesContext,
  request: HttpRequest,
  { message, response }: { message: IncomingMessage; response: ServerResponse },
): Promise<HttpReply> {
  const interaction = await interactionOf(context, message, response)
  if (!interaction || request.url.pathname !== `${mount}/interaction/${interaction.uid}`) {
    const say = await sayWith(context, request)
    return problemPage(say, say('errorExpired'))
  }
  const visit: Visit = {
    context,
    request,
    interaction,
    say: await sayWith(context, request, { asked: interaction.params.ui_locales, account: () => accountOf(context, interaction) }),
    forms: formsFor(request, context.keys.forms, context.random),
    async finish(result) {
      await context.rules.tokens.remove('Progress', interaction.uid)
      return seeOther(await context.provider.interactionResult(message, response, result, { mergeWithLastSubmission: true }))
    },
  }
  if (interaction.prompt.name === 'consent') return request.method === 'POST' ? approve(visit) : approvalPage(visit)
  return request.method === 'POST' ? submit(visit) : show(visit)
}

async function interactionOf(
  { provider }: PagesContext,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(message, response)
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined
    throw error
  }
}

/** Whose sign-in it is, as far as it has come. */
async function accountOf({ rules }: PagesContext, { uid, session }: Interaction): Promise<string | undefined> {
  const stored = (await rules.tokens.find('Progress', uid)) as SignInProgress | undefined
  return stored ? stored.account : session?.accountId
}

interface State {
  progress: SignInProgress
  facts: SignInFacts | undefined
  step: SignInStep
}

async function stateOf(visit: Visit): Promise<State> {
  const { context, interaction } = visit
  const { rules } = context
  const stored = (await rules.tokens.find('Progress', interaction.uid)) as SignInProgress | undefined
  const { accountId } = interaction.session ?? {}
  const inSession = accountId ? await rules.sessions.recipientOf(accountId) : undefined
  const begun: SignInProgress = stored ?? (accountId && inSession ? { account: accountId } : {})
  const recipient = begun.account ? await rules.sessions.recipientOf(begun.account) : undefined
  // Who was shown to be somebody before a new password, or before everything was ended, begins again.
  const progress = recipient ? begun : {}
  const policy = recipient && (await rules.policies.of(recipient))
  const facts: SignInFacts | undefined = recipient &&
    policy && {
      recipient,
      policy,
      required: await policy.secondFactorRequired(),
      factors: await rules.factors.list(recipient),
      device: await trustedDevice(visit, recipient, policy),
      session: inSession?.id === recipient.id,
      anew:
        interaction.prompt.reasons.some((reason) => reasonsForAnew.includes(reason)) ||
        String(interaction.params.acr_values ?? '')
          .split(' ')
          .includes(stepUp),
    }
  return { progress, facts, step: nextStep(progress, facts) }
}

/** The remembered device, as long as the policy as it is now remembers devices. */
async function trustedDevice({ context, request }: Visit, recipient: Recipient, { rememberDeviceDays }: SignInPolicy) {
  const device = await deviceFor(context, request, recipient)
  return device && context.clock() < device.created + rememberDeviceDays * 86_400_000 ? device : undefined
}

const keep = ({ context: { rules }, interaction }: Visit, progress: SignInProgress) =>
  rules.tokens.put('Progress', interaction.uid, progress, patience)

const again = ({ request, forms }: Visit, cookies: string[] = []): HttpReply =>
  seeOther(request.url.pathname + request.url.search, { 'set-cookie': [...forms.cookies, ...cookies] })

/** The page of the step that is next; when none is, the interaction ends. */
async function show(visit: Visit, problem?: string, status = 200): Promise<HttpReply> {
  const { progress, facts, step } = await stateOf(visit)
  if (step === 'done' && facts) return complete(visit, progress, facts)
  const page = await pageOf(visit, step, progress, facts)
  return pageReply(
    visit.say,
    { ...page, ...(problem === undefined ? {} : { problem }) },
    { status, headers: { 'set-cookie': visit.forms.cookies } },
  )

  async function pageOf(visit: Visit, step: SignInStep, progress: SignInProgress, facts: SignInFacts | undefined): Promise<Page> {
    if (!facts || step === 'password') return passwordPage(visit, { wrong: problem !== undefined, address: facts?.recipient.address })
    if (step === 'codes') return codesPage(visit, progress.codes ?? [], visit.interaction.uid)
    if (step === 'factor') return factorPage(visit, facts, { wrong: problem !== undefined })
    if (progress.secret === undefined) {
      progress.secret = visit.context.rules.factors.newSecret()
      await keep(visit, progress)
    }
    return enrolPage(visit, facts, progress.secret, { wrong: problem !== undefined })
  }
}

async function complete({ context: { rules }, finish }: Visit, progress: SignInProgress, facts: SignInFacts): Promise<HttpReply> {
  const { at, amr } = shownOf(progress, facts)
  const accountId = await rules.sessions.accountOf(facts.recipient)
  return finish({ login: { accountId, amr, ts: Math.floor(at / 1000), remember: false, ...(progress.factor ? { acr: stepUp } : {}) } })
}

/** What each step's form does; it answers cookies to set. */
const steps: Readonly<Record<string, (visit: Visit, fields: URLSearchParams, state: State) => Promise<string[] | void>>> = {
  async password(visit, fields, { facts }) {
    const { context, request } = visit
    const user = facts && !fields.has('user') ? facts.recipient.address : (fields.get('user') ?? '').trim()
    const recipient = await context.access.checkPassword(user, fields.get('password') ?? '', placeOf(request), (found) =>
      deviceFor(context, request, found),
    )
    await keep(visit, { account: await context.rules.sessions.accountOf(recipient), password: context.clock() })
  },
  async other(visit) {
    await keep(visit, {})
  },
  async send(visit, fields, { facts }) {
    if (facts) await visit.context.rules.factors.sendCode(facts.recipient, fields.get('by') === 'call' ? 'call' : 'text')
  },
  async factor(visit, fields, { progress, facts, step }) {
    if (!facts || step !== 'factor') return
    const { context, request } = visit
    const proof = proofOf(context, fields)
    const { device, recipient, policy } = facts
    await context.rules.factors.prove(recipient, proof, { ...placeOf(request), ...(device ? { device } : {}) })
    await keep(visit, { ...progress, factor: { at: context.clock(), by: proof.by } })
    if (fields.get('remember') !== 'yes' || policy.rememberDeviceDays === 0) return
    return [await rememberBrowser(context, request, recipient, policy.rememberDeviceDays)]
  },
  async enrol(visit, fields, { progress, facts }) {
    // Whoever has shown no factor adds the first one alone, whatever the page was when it was shown.
    if (!facts || progress.password === undefined || progress.factor) return
    const { context: { rules, clock }, request } = visit // prettier-ignore
    const { recipient } = facts
    const by = await enrolled(visit, fields, recipient, progress, placeOf(request))
    const codes = await rules.factors.renewRecoveryCodes(recipient)
    await keep(visit, { ...progress, factor: { at: clock(), by }, codes })
  },
  async codes(visit, _fields, { progress }) {
    const { codes: _, secret: __, ...rest } = progress
    await keep(visit, rest)
  },
}

async function enrolled(
  { context }: Visit,
  fields: URLSearchParams,
  recipient: Recipient,
  { secret = '' }: SignInProgress,
  place: { remoteAddress: string },
): Promise<'authenticator' | 'passkey'> {
  const { factors } = context.rules
  const response = fields.get('response')
  const name = fields.get('name') ?? ''
  const party = partyOf(context)
  if (response !== null && party) {
    await factors.addPasskey(recipient, { response, party, name, first: true }, place)
    return 'passkey'
  }
  await factors.addAuthenticator(recipient, { secret, code: fields.get('code') ?? '', name, first: true }, place)
  return 'authenticator'
}

/** What a form of the second factor shows. */
export function proofOf(context: PagesContext, fields: URLSearchParams): Proof {
  const party = partyOf(context)
  const by = fields.get('by')
  if (by === 'passkey' && party) return { by, response: fields.get('response') ?? '', party }
  return { by: by === 'recovery' || by === 'text' || by === 'call' ? by : 'authenticator', code: fields.get('code') ?? '' }
}

async function submit(visit: Visit): Promise<HttpReply> {
  const { request, context, interaction } = visit
  const fields = fieldsOf(request, context.keys.forms, interaction.uid)
  const state = await stateOf(visit)
  const name = fields.get('step') ?? ''
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined
  try {
    const cookies = await step?.(visit, fields, state)
    return again(visit, cookies ?? [])
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === 'internal') throw error
    request.log.outcome = error.code
    return show(visit, visit.say.refused(error.message), error.code === 'AccountLockedOut' || error.kind === 'busy' ? 429 : 400)
  }
}

export function placeOf({ remoteAddress, headers }: HttpRequest) {
  const client = headers['user-agent']?.slice(0, 200)
  return { remoteAddress, protocol: 'sign-in', ...(client ? { client } : {}) }
}
