import type { HttpReply } from '#access'
import { html, type Html, type Piece } from './html.ts'
import type { Say } from './say.ts'

/** Nothing of another site, nothing inline, in no frame. `formsTo`: where a form may lead in the end, beside this site. */
export const pagePolicy = (formsTo = ''): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self'${formsTo && ` ${formsTo}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')

/** Headers of everything that people see here. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': pagePolicy(),
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
}

export interface Page {
  title: string
  body: Piece
  /** What was wrong, told first. Fields that it is about name it by `aria-describedby="problem"`. */
  problem?: Piece
}

/** A whole document, in the language of `say`. */
export function documentOf({ language }: Say, { title, body, problem }: Page): string {
  const { text } = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/account/assets/icon.svg" />
        <link rel="stylesheet" href="/account/assets/pages.css" />
        <script src="/account/assets/passkey.js" defer></script>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${problem !== undefined && html`<p id="problem" class="problem" role="alert" tabindex="-1">${problem}</p>`} ${body}
        </main>
      </body>
    </html> `
  return text
}

export function pageReply(
  say: Say,
  page: Page,
  { status = 200, headers = {} }: { status?: number; headers?: HttpReply['headers'] } = {},
): HttpReply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body: documentOf(say, page) }
}

export const seeOther = (location: string, headers: HttpReply['headers'] = {}): HttpReply => ({
  status: 303,
  headers: { location, ...headers },
  body: '',
})

export interface FieldOptions {
  name: string
  label: string
  hint?: string
  type?: 'text' | 'password' | 'tel'
  value?: string
  autocomplete?: string
  inputmode?: 'numeric' | 'text' | 'tel'
  /** It is the one that the problem is about. */
  wrong?: boolean
  focus?: boolean
  needed?: boolean
}

/** A labelled field, tied to its hint and to what was wrong with it. */
export function field(options: FieldOptions): Html {
  const { name, label, hint, type = 'text', value = '', autocomplete = 'off', inputmode = 'text', wrong, focus, needed = true } = options
  const described = [hint ? `${name}-hint` : '', wrong ? 'problem' : ''].filter(Boolean).join(' ')
  return html`<p class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      inputmode="${inputmode}"
      autocapitalize="none"
      spellcheck="false"
      maxlength="320"
      ${needed && html`required`}
      ${focus && html`autofocus`}
      ${described !== '' && html`aria-describedby="${described}"`}
      ${wrong && html`aria-invalid="true"`}
    />
    ${hint !== undefined && html`<span class="hint" id="${name}-hint">${hint}</span>`}
  </p>`
}

export const button = (text: string, name?: string, value?: string, look: 'first' | 'second' = 'first'): Html =>
  html`<button type="submit" class="${look}" ${name !== undefined && html`name="${name}" value="${value ?? ''}"`}>${text}</button>`

/** A page that says what did not work. */
export const problemPage = (say: Say, problem: string, status = 400): HttpReply =>
  pageReply(say, { title: say('errorTitle'), problem, body: html`` }, { status })
