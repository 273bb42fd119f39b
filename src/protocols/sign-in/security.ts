/** `/account/security`: what somebody signs in with, to be looked at, added to and taken away. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Factor, HttpReply, HttpRequest, SignInPolicy } from '#access'
import type { Recipient } from '#directory'
import { Refusal } from '#model'
import { accountClient } from './clients.ts'
import { partyOf, type PagesContext } from './context.ts'
import { fieldsOf, formsFor, type Forms } from './forms.ts'
import { pageReply, seeOther, type Page } from './pages/layout.ts'
import { addingPage, madePage, securityPage } from './pages/security.ts'
import { codesPage } from './pages/sign-in.ts'
import type { Say } from './pages/say.ts'
import { sayWith } from './language.ts'
import { mount, multiple } from './provider.ts'
import { sessionHeld, shownAt } from './session.ts'

export const securityPath = '/account/security'
const patience = 900

/** Somebody who is signed in, at their own page. */
export interface Owner {
  context: PagesContext
  request: HttpRequest
  forms: Forms
  say: Say
  recipient: Recipient
  policy: SignInPolicy
  /** The policy asks for a second factor. */
  required: boolean
  factors: readonly Factor[]
  /** The factors were shown not long ago. */
  recent: boolean
  /** The password alone was shown in this session: what is added can be the first factor alone. */
  first: boolean
  /** What is being set up lies under this name. */
  progress: string
}

/** Answers `GET` and `POST` of the page. Whoever is not signed in is sent to do so, and comes back. */
export async function account(
  context: PagesContext,
  request: HttpRequest,
  { message, response }: { message: IncomingMessage; response: ServerResponse },
): Promise<HttpReply> {
  const owner = await ownerOf(context, request, message, response)
  if (!owner) return signInFirst(context)
  request.log.caller = owner.recipient.address
  const adds = request.url.searchParams.get('add') ?? ''
  const changes = request.method === 'POST' || adds !== ''
  if (changes && !owner.recent) return signInFirst(context, owner.policy.stepUpMinutes * 60)
  return request.method === 'POST' ? change(owner, adds) : show(owner, adds)
}

async function ownerOf(
  context: PagesContext,
  request: HttpRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<Owner | undefined> {
  const { rules, clock, keys, random } = context
  const held = await sessionHeld(context, message, response)
  if (!held) return undefined
  const { session, recipient, policy, required } = held
  const factors = await rules.factors.list(recipient)
  const asked = request.url.searchParams.get('ui_locales')
  const say = await sayWith(context, request, { asked, account: async () => session.accountId })
  const isMultiple = session.amr?.includes(multiple) === true
  return {
    ...{ context, request, say, recipient, policy, required, factors, forms: formsFor(request, keys.forms, random) },
    recent: clock() - shownAt(session) <= policy.stepUpMinutes * 60_000 && (factors.length === 0 || isMultiple),
    first: !isMultiple,
    progress: `account ${session.uid}`,
  }
}

/** To the sign-in and back. With `maxAge`: the factors have to be shown, unless they were in so many seconds. */
function signInFirst({ base }: PagesContext, maxAge?: number): HttpReply {
  const query = new URLSearchParams({
    client_id: accountClient,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${base}${securityPath}`,
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
  })
  return seeOther(`${mount}/authorize?${query}`)
}

async function show(owner: Owner, adds: string, problem?: string): Promise<HttpReply> {
  const page = await pageFor(owner, adds, problem !== undefined)
  const told = problem === undefined ? {} : { problem }
  return pageReply(
    owner.say,
    { ...page, ...told },
    { status: problem === undefined ? 200 : 400, headers: { 'set-cookie': owner.forms.cookies } },
  )
}

async function pageFor(owner: Owner, adds: string, wrong: boolean): Promise<Page> {
  const { context, recipient, progress } = owner
  const { rules } = context
  if (adds === 'authenticator') {
    const known = await rules.tokens.find('Progress', progress)
    const secret = typeof known?.secret === 'string' ? known.secret : rules.factors.newSecret()
    await rules.tokens.put('Progress', progress, { secret }, patience)
    return addingPage(owner, { kind: 'authenticator', secret, wrong })
  }
  const party = partyOf(context)
  if (adds === 'passkey' && party) {
    return addingPage(owner, { kind: 'passkey', options: await rules.passkeys.creation(recipient, party), wrong })
  }
  if (adds === 'text' || adds === 'call') {
    const known = await rules.tokens.find('Progress', progress)
    return addingPage(owner, { kind: adds, sentTo: known?.kind === adds ? String(known.number) : undefined, wrong })
  }
  return securityPage(owner, {
    devices: await rules.factors.devices(recipient),
    recovery: await rules.factors.recoveryCodesLeft(recipient),
    programs: await rules.appPasswords.list(recipient),
    passkeys: party !== undefined,
  })
}

/** What each button does; a page to show at once, or nothing: then the list is shown again. */
const deeds: Readonly<Record<string, (owner: Owner, fields: URLSearchParams) => Promise<Page | void>>> = {
  async remove({ context, recipient, required }, fields) {
    await context.rules.factors.remove(recipient, fields.get('id') ?? '', { keepLast: required })
  },
  async recovery({ context, recipient, forms, say }) {
    return codesPage({ forms, say }, await context.rules.factors.renewRecoveryCodes(recipient), securityPath)
  },
  async program({ context, recipient, say }, fields) {
    return madePage(say, await context.rules.appPasswords.create(recipient, fields.get('name') ?? ''))
  },
  async removeProgram({ context, recipient }, fields) {
    await context.rules.appPasswords.remove(recipient, fields.get('id') ?? '')
  },
  async revoke({ context, recipient }) {
    await context.rules.sessions.revoke(recipient)
  },
}

type Add = (owner: Owner, fields: URLSearchParams) => Promise<boolean>

/** What the page of adding does with its form; true when the factor is there. */
const addings: Readonly<Record<string, Add>> = {
  async authenticator({ context: { rules }, recipient, progress, request, first }, fields) {
    const secret = String((await rules.tokens.find('Progress', progress))?.secret ?? '')
    const input = { secret, code: fields.get('code') ?? '', name: fields.get('name') ?? '', first }
    await rules.factors.addAuthenticator(recipient, input, { remoteAddress: request.remoteAddress })
    return true
  },
  async passkey({ context, recipient, request, first }, fields) {
    const party = partyOf(context)
    if (!party) throw new Refusal('InvalidOperation', 'This site is reached by an address; passkeys need a name.')
    const input = { response: fields.get('response') ?? '', party, name: fields.get('name') ?? '', first }
    await context.rules.factors.addPasskey(recipient, input, { remoteAddress: request.remoteAddress })
    return true
  },
  text: (owner, fields) => addNumber(owner, 'text', fields),
  call: (owner, fields) => addNumber(owner, 'call', fields),
}

async function addNumber(
  { context: { rules }, recipient, progress, first }: Owner,
  kind: 'text' | 'call',
  fields: URLSearchParams,
): Promise<boolean> {
  const code = fields.get('code')
  if (code !== null) {
    await rules.factors.confirmNumber(recipient, { kind, code, first })
    return true
  }
  const number = fields.get('number') ?? ''
  await rules.factors.addNumber(recipient, { kind, number, name: fields.get('name') ?? '' })
  await rules.tokens.put('Progress', progress, { kind, number }, patience)
  return false
}

async function change(owner: Owner, adds: string): Promise<HttpReply> {
  const { context, request, progress } = owner
  const fields = fieldsOf(request, context.keys.forms, securityPath)
  try {
    const add = Object.hasOwn(addings, adds) ? addings[adds] : undefined
    if (add) {
      if (!(await add(owner, fields))) return await show(owner, adds)
      await context.rules.tokens.remove('Progress', progress)
      return seeOther(securityPath)
    }
    const name = fields.get('do') ?? ''
    const page = Object.hasOwn(deeds, name) ? await deeds[name]!(owner, fields) : undefined
    return page ? pageReply(owner.say, page, { headers: { 'set-cookie': owner.forms.cookies } }) : seeOther(securityPath)
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === 'internal') throw error
    request.log.outcome = error.code
    return show(owner, adds, owner.say.refused(error.message))
  }
}
