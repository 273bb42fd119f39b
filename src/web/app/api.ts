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
export const ask = async <Name extends keyof WebApi>(
  name: Name,
  input: WebApi[Name]['input'],
  options: { signal?: AbortSignal } = {},
): Promise<WebApi[Name]['output']> => (await post(name, input, options)).json()

/** The same, with the answer as it comes. */
export async function post<Name extends keyof WebApi>(
  name: Name,
  input: WebApi[Name]['input'],
  options: { signal?: AbortSignal } = {},
): Promise<Response> {
  const answer = await fetch(`/owa/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-isthmus': '1' },
    body: JSON.stringify(input),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  if (answer.ok) return answer
  const said = (await answer.json().catch(() => undefined)) as { error?: { code?: string; message?: string } } | undefined
  const refused = new Refused(answer.status, said?.error?.code ?? String(answer.status), said?.error?.message ?? answer.statusText)
  if (answer.status === 401 && !asksFactors(refused)) signedOut.dispatchEvent(new Event('signedOut'))
  throw refused
}

/** Whether somebody who is signed in has to show their factors anew. */
export const asksFactors = ({ code }: Refused): boolean => code === 'StepUpRequired' || code === 'SecondFactorRequired'

export type Answer<Name extends keyof WebApi> = WebApi[Name]['output']
export type Question<Name extends keyof WebApi> = WebApi[Name]['input']
