import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpRequest } from '#access'
import { Refusal } from '#model'
import { html, type Html } from './pages/html.ts'
import { texts } from './pages/texts.ts'

/** Where a browser's own mark lies, to which its forms are bound. `__Host-`: of this host alone, over TLS alone (RFC 6265bis 4.1.3.2). */
const markCookie = '__Host-isthmus-form'
const mostFields = 50

/** The forms of one request: each is bound to this browser and to what it is for. */
export interface Forms {
  /** The hidden field of a form. */
  field(purpose: string): Html
  /** The cookie to set, when the browser has none yet. */
  cookies: string[]
}

export function formsFor(request: HttpRequest, key: string, random: (size: number) => Uint8Array): Forms {
  const known = cookieOf(request, markCookie)
  const mark = known && /^[A-Za-z0-9_-]{43}$/.test(known) ? known : Buffer.from(random(32)).toString('base64url')
  return {
    field: (purpose) => html`<input type="hidden" name="form" value="${signed(key, mark, purpose)}" />`,
    cookies: mark === known ? [] : [cookie(markCookie, mark)],
  }
}

/** The fields of a form that came from a page of ours in this browser, for this purpose. Otherwise → InvalidRequest. */
export function fieldsOf(request: HttpRequest, key: string, purpose: string): URLSearchParams {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('InvalidRequest', texts.errorForm[0])
  }
  const fields = new URLSearchParams(request.body.toString('utf8'))
  const given = Buffer.from(fields.get('form') ?? '')
  const wanted = Buffer.from(signed(key, cookieOf(request, markCookie) ?? '', purpose))
  if (fields.size > mostFields || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new Refusal('InvalidRequest', texts.errorForm[0])
  }
  return fields
}

const signed = (key: string, mark: string, purpose: string) => createHmac('sha256', key).update(`${mark}\0${purpose}`).digest('base64url')

/** The value of a cookie that the browser sent. */
export function cookieOf({ headers }: Pick<HttpRequest, 'headers'>, name: string): string | undefined {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}

/** A cookie for this host, over TLS, out of reach of scripts and of other sites. Seconds absent = until the browser is closed. */
export const cookie = (name: string, value: string, seconds?: number): string =>
  `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax${seconds === undefined ? '' : `; Max-Age=${seconds}`}`
