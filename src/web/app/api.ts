/** Asks the site. What a question takes and answers is known from `protocols/web`. */
import type { WebApi } from '#protocols/web'

/** An answer that says no, in words for people. */
export class Refused extends Error {
  readonly code: string
  readonly status: number
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** Hears that the session is over: whoever wrote something keeps it and signs in beside it. */
export const signedOut = new EventTarget()

/** One question. A refusal is thrown as `Refused`; without a network it is the browser's own `TypeError`. */
export async function ask<Name extends keyof WebApi>(
  name: Name,
  input: WebApi[Name]['input'],
  options: { signal?: AbortSignal } = {},
): Promise<WebApi[Name]['output']> {
  const answer = await fetch(`/owa/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-isthmus': '1' },
    body: JSON.stringify(input),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  if (answer.ok) return (await answer.json()) as WebApi[Name]['output']
  const said = (await answer.json().catch(() => undefined)) as { error?: { code?: string; message?: string } } | undefined
  const refused = new Refused(answer.status, said?.error?.code ?? String(answer.status), said?.error?.message ?? answer.statusText)
  if (answer.status === 401) signedOut.dispatchEvent(new Event('signedOut'))
  throw refused
}

export type Answer<Name extends keyof WebApi> = WebApi[Name]['output']
export type Question<Name extends keyof WebApi> = WebApi[Name]['input']

/** An answer that came with the page; undefined = it is to be asked for. */
export function firstAnswer<Name extends keyof WebApi>(name: Name): WebApi[Name]['output'] | undefined {
  const text = document.querySelector('#answers')?.textContent?.trim() ?? ''
  return text.startsWith('{') ? (JSON.parse(text) as Partial<{ [Each in keyof WebApi]: WebApi[Each]['output'] }>)[name] : undefined
}
