/** The pages of signing in. */
import { toString as qrOf } from 'qrcode'
import type { FactorKind, SignInFacts } from '#access'
import { partyOf } from '../context.ts'
import type { Forms } from '../forms.ts'
import type { Visit } from '../login.ts'
import { Html, html } from './html.ts'
import { button, field, type Page } from './layout.ts'
import type { Say } from './say.ts'
import type { TextKey } from './texts.ts'

const step = (name: string) => html`<input type="hidden" name="step" value="${name}" />`

/** A form of an interaction. */
const form = ({ forms, interaction }: Visit, name: string, body: Html): Html =>
  html`<form method="post">${forms.field(interaction.uid)} ${step(name)} ${body}</form>`

export function passwordPage(visit: Visit, { wrong, address }: { wrong: boolean; address: string | undefined }): Page {
  const { context: { site }, say } = visit // prettier-ignore
  const hint = String(visit.interaction.params.login_hint ?? '').slice(0, 320)
  const user = address
    ? html`<p>${say('signedInAs', { address })}</p>`
    : field({
        ...{ name: 'user', label: say('user'), hint: say('userHint', { domain: site.domain }), value: hint, autocomplete: 'username' },
        ...{ wrong, focus: hint === '' },
      })
  const password = field({
    ...{ name: 'password', label: say('password'), type: 'password', autocomplete: 'current-password', wrong },
    focus: hint !== '' || address !== undefined,
  })
  return {
    title: say('signInTo', { organisation: site.name }),
    body: html`${form(visit, 'password', html`${user} ${password} ${button(say('next'))}`)} ${address && other(visit)}`,
  }
}

const other = (visit: Visit) => form(visit, 'other', button(visit.say('otherAccount'), undefined, undefined, 'second'))

type Way = FactorKind | 'recovery'

/** Asks for a second factor: the one chosen, or the one that is best. */
export async function factorPage(visit: Visit, facts: SignInFacts, { wrong }: { wrong: boolean }): Promise<Page> {
  const { say } = visit
  const ways = await waysOf(visit, facts)
  const asked = visit.request.url.searchParams.get('with')
  const way = ways.find((each) => each === asked) ?? ways[0] ?? 'recovery'
  const remembered = facts.policy.rememberDeviceDays
  const remember =
    remembered > 0 &&
    html`<p class="check">
      <input type="checkbox" id="remember" name="remember" value="yes" />
      <label for="remember">${say('remember', { days: remembered })}</label>
    </p>`
  const others = ways.filter((each) => each !== way)
  return {
    title: say('factorTitle'),
    body: html`<p>${say('signedInAs', { address: facts.recipient.address })}</p>
      ${await wayForm(visit, facts, way, wrong, remember)}
      ${
        others.length > 0 &&
        html`<h2>${say('otherWays')}</h2>
          <ul>
            ${others.map((each) => html`<li><a href="?with=${each}">${say(`way_${each}`)}</a></li>`)}
          </ul>`
      }
      ${other(visit)}`,
  }
}

async function waysOf({ context }: Visit, { factors, recipient }: SignInFacts): Promise<Way[]> {
  const has = (kind: FactorKind) => factors.some((factor) => factor.kind === kind)
  const { sends } = context.rules.factors
  const left = await context.rules.factors.recoveryCodesLeft(recipient)
  return [
    ...(has('authenticator') ? (['authenticator'] as const) : []),
    ...(has('passkey') && partyOf(context) ? (['passkey'] as const) : []),
    ...(['text', 'call'] as const).filter((kind) => has(kind) && sends.includes(kind)),
    ...(left > 0 ? (['recovery'] as const) : []),
  ]
}

const labels: Readonly<Record<Exclude<Way, 'passkey'>, readonly [TextKey, TextKey]>> = {
  authenticator: ['codeLabel', 'codeHint'],
  recovery: ['recoveryLabel', 'recoveryHint'],
  text: ['sentLabel', 'sentHint'],
  call: ['sentLabel', 'sentHint'],
}

async function wayForm(visit: Visit, { recipient }: SignInFacts, way: Way, wrong: boolean, remember: Html | false): Promise<Html> {
  const { say } = visit
  const party = partyOf(visit.context)
  const by = html`<input type="hidden" name="by" value="${way}" />`
  if (way === 'passkey' && party) {
    const options = await visit.context.rules.passkeys.request(recipient, party)
    return passkeyForm(
      say,
      'get',
      options,
      html`${visit.forms.field(visit.interaction.uid)} ${step('factor')} ${by} ${remember}`,
      say('passkeyUse'),
    )
  }
  const [label, hint] = labels[way === 'passkey' ? 'recovery' : way]
  const numeric = way !== 'recovery'
  const code = field({
    ...{ name: 'code', label: say(label), hint: say(hint), wrong, focus: true, inputmode: numeric ? 'numeric' : 'text' },
    autocomplete: numeric ? 'one-time-code' : 'off',
  })
  const send =
    (way === 'text' || way === 'call') && form(visit, 'send', html`${by} ${button(say(way === 'text' ? 'sendText' : 'sendCall'))}`)
  return html`${send} ${form(visit, 'factor', html`${by} ${code} ${remember} ${button(say('check'))}`)}`
}

/** A form that the page's script fills with what the browser's passkey answers. */
export const passkeyForm = (say: Say, kind: 'get' | 'create', options: object, fields: Html, text: string): Html =>
  html`<form method="post" data-passkey="${kind}" data-options="${JSON.stringify(options)}">
    ${fields}
    <input type="hidden" name="response" value="" />
    <p role="alert" tabindex="-1" data-failed="${say('passkeyFailed')}"></p>
    <noscript><p>${say('passkeyNeedsScript')}</p></noscript>
    ${button(text)}
  </form>`

/** Sets up the first second factor. */
export async function enrolPage(visit: Visit, { recipient }: SignInFacts, secret: string, { wrong }: { wrong: boolean }): Promise<Page> {
  const { context, forms, interaction, request, say } = visit
  const party = partyOf(context)
  if (party && request.url.searchParams.get('with') === 'passkey') {
    const fields = html`${forms.field(interaction.uid)} ${step('enrol')} ${nameField(say)}`
    const options = await context.rules.passkeys.creation(recipient, party)
    return {
      title: say('passkeyTitle'),
      body: html`<p>${say('passkeyWhy')}</p>
        ${passkeyForm(say, 'create', options, fields, say('passkeyMake'))}
        <p><a href="?with=authenticator">${say('enrolApp')}</a></p>`,
    }
  }
  return {
    title: say('enrolTitle'),
    body: html`<p>${say('enrolWhy')}</p>
      ${form(visit, 'enrol', html`${await authenticatorFields(visit, recipient.address, secret, wrong)} ${button(say('enrolConfirm'))}`)}
      ${party && html`<p><a href="?with=passkey">${say('enrolPasskey')}</a></p>`}`,
  }
}

export const nameField = (say: Say): Html => field({ name: 'name', label: say('nameLabel'), hint: say('nameHint'), needed: false })

/** QR code and secret of an authenticator, and the field for its code. */
export async function authenticatorFields(
  { context, say }: Pick<Visit, 'context' | 'say'>,
  address: string,
  secret: string,
  wrong: boolean,
): Promise<Html> {
  const svg = await qrOf(context.rules.factors.uriOf(secret, context.site.name, address), { type: 'svg', margin: 2 })
  return html`<p>${say('enrolScan')}</p>
    <div class="qr" role="img" aria-label="${say('enrolQr')}">${new Html(svg)}</div>
    <p>${say('enrolType')} <code id="secret">${secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code></p>
    ${nameField(say)}
    ${field({
      ...{ name: 'code', label: say('enrolCode'), wrong, focus: true, inputmode: 'numeric', autocomplete: 'one-time-code' },
    })}`
}

/** Shows recovery codes, once. */
export function codesPage({ forms, say }: { forms: Forms; say: Say }, codes: readonly string[], purpose: string): Page {
  return {
    title: say('codesTitle'),
    body: html`<p>${say('codesWhy')}</p>
      <ol class="codes">
        ${codes.map((code) => html`<li>${code}</li>`)}
      </ol>
      <form method="post">${forms.field(purpose)} ${step('codes')} ${button(say('codesKept'))}</form>`,
  }
}
