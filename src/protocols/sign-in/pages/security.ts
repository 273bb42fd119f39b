/** The pages of somebody's own account. */
import type { DeviceRow } from '#access'
import type { Instant } from '#model'
import type { Owner } from '../security.ts'
import { html, type Html, type Piece } from './html.ts'
import { button, field, type Page } from './layout.ts'
import { authenticatorFields, nameField, passkeyForm } from './sign-in.ts'
import type { Say } from './say.ts'

const path = '/account/security'
const dateOf = (at: Instant) => new Date(at).toISOString().slice(0, 10)

interface Shown {
  devices: readonly DeviceRow[]
  recovery: number
  programs: readonly { id: string; name: string; created: Instant }[]
  /** The site has a name that passkeys can be bound to. */
  passkeys: boolean
}

const deed = ({ forms }: Pick<Owner, 'forms'>, name: string, body: Piece): Html =>
  html`<form method="post" action="${path}">${forms.field(path)} <input type="hidden" name="do" value="${name}" /> ${body}</form>`

const removal = (owner: Owner, name: string, row: { id: string; name: string }): Html =>
  deed(
    owner,
    name,
    html`<input type="hidden" name="id" value="${row.id}" /> ${button(owner.say('remove', row), undefined, undefined, 'second')}`,
  )

const rows = (items: readonly Html[], none: string): Html =>
  items.length === 0
    ? html`<p>${none}</p>`
    : html`<ul class="rows">
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`

export function securityPage(owner: Owner, { devices, recovery, programs, passkeys }: Shown): Page {
  const { recipient, factors, policy, context, say } = owner
  const factorRows = factors.map(
    (factor) =>
      html`${say(`kind_${factor.kind}`)}: ${factor.name}, ${say('since', { date: dateOf(factor.created) })}
      ${removal(owner, 'remove', factor)}`,
  )
  const deviceRows = devices.map(
    (device) => html`${device.name}, ${say('until', { date: dateOf(device.expires) })} ${removal(owner, 'remove', device)}`,
  )
  const programRows = programs.map(
    (row) => html`${row.name}, ${say('since', { date: dateOf(row.created) })} ${removal(owner, 'removeProgram', row)}`,
  )
  return {
    title: say('securityTitle'),
    body: html`<p>${say('securityAccount', { address: recipient.address })} <a href="/oauth2/session/end">${say('signOut')}</a></p>
      <h2>${say('securityFactors')}</h2>
      ${rows(factorRows, say('securityNoFactors'))}
      <ul>
        <li><a href="?add=authenticator">${say('securityAddApp')}</a></li>
        ${passkeys && html`<li><a href="?add=passkey">${say('securityAddPasskey')}</a></li>`}
        ${context.rules.factors.sends.map(
          (kind) => html`<li><a href="?add=${kind}">${say('securityAddNumber')}: ${say(`kind_${kind}`)}</a></li>`,
        )}
      </ul>
      <h2>${say('securityRecovery')}</h2>
      <p>${say('securityRecoveryLeft', { left: recovery })}</p>
      ${deed(owner, 'recovery', button(say('securityRecoveryNew'), undefined, undefined, 'second'))}
      <h2>${say('securityDevices')}</h2>
      ${rows(deviceRows, say('securityNoDevices'))}
      <h2>${say('securityPrograms')}</h2>
      <p>${say(policy.appPasswordsAllowed ? 'securityProgramsWhy' : 'securityProgramsOff')}</p>
      ${rows(programRows, say('securityNoPrograms'))}
      ${
        policy.appPasswordsAllowed &&
        deed(
          owner,
          'program',
          html`${field({ name: 'name', label: say('nameLabel'), hint: say('nameHint') })} ${button(say('securityProgramNew'))}`,
        )
      }
      <h2>${say('securitySessions')}</h2>
      <p>${say('securityRevokeWhy')}</p>
      ${deed(owner, 'revoke', button(say('securityRevoke'), undefined, undefined, 'second'))}`,
  }
}

export type Adding =
  | { kind: 'authenticator'; secret: string; wrong: boolean }
  | { kind: 'passkey'; options: object; wrong: boolean }
  | { kind: 'text' | 'call'; sentTo: string | undefined; wrong: boolean }

/** The page of adding one factor. */
export async function addingPage(owner: Owner, adding: Adding): Promise<Page> {
  const { forms, context, recipient, say } = owner
  const back = html`<p><a href="${path}">${say('back')}</a></p>`
  if (adding.kind === 'passkey') {
    const fields = html`${forms.field(path)} ${nameField(say)}`
    return {
      title: say('passkeyTitle'),
      body: html`<p>${say('passkeyWhy')}</p>
        ${passkeyForm(say, 'create', adding.options, fields, say('passkeyMake'))} ${back}`,
    }
  }
  if (adding.kind === 'authenticator') {
    const fields = await authenticatorFields({ context, say }, recipient.address, adding.secret, adding.wrong)
    return {
      title: say('securityAddApp'),
      body: html`<form method="post">${forms.field(path)} ${fields} ${button(say('enrolConfirm'))}</form>
        ${back}`,
    }
  }
  const { sentTo, wrong } = adding
  const number = html`${nameField(say)}
  ${field({ name: 'number', label: say('numberLabel'), hint: say('numberHint'), type: 'tel', inputmode: 'tel', autocomplete: 'tel', wrong })}`
  const code = html`<p>${say('numberSent', { number: sentTo ?? '' })}</p>
    ${field({ name: 'code', label: say('sentLabel'), hint: say('sentHint'), inputmode: 'numeric', autocomplete: 'one-time-code', wrong })}`
  return {
    title: `${say('numberTitle')}: ${say(`kind_${adding.kind}`)}`,
    body: html`<form method="post">
        ${forms.field(path)} ${sentTo === undefined ? number : code} ${button(say(sentTo === undefined ? 'add' : 'check'))}
      </form>
      ${back}`,
  }
}

/** Shows an app password, once. */
export function madePage(say: Say, { name, password }: { name: string; password: string }): Page {
  return {
    title: say('securityPrograms'),
    body: html`<p>${say('securityProgramMade', { name })}</p>
      <p><code id="made">${password}</code></p>
      <p><a href="${path}">${say('done')}</a></p>`,
  }
}
