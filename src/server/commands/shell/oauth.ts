import { request } from 'node:https'
import { z } from 'zod'
import { parsedJson } from '#model'
import { StartProblem } from '../../start-problem.ts'

/** The shell at a site's OpenID Connect provider: a public client. */
export const clientId = 'isthmus-shell'
export const scope = 'openid offline_access administration'
/** Asks that the person shows the factors anew (docs/sign-in.md). */
export const stepUp = { acr_values: 'urn:isthmus:step-up' } as const

const provider = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  device_authorization_endpoint: z.url(),
  revocation_endpoint: z.url(),
})
export type Provider = z.infer<typeof provider>

const most = 1024 * 1024

export interface WebSite {
  /** `https://host:port` */
  url: string
  /** PEM of an authority to trust beside the system's. */
  ca?: string
}

/** What the site says of its sign-in (OpenID Connect Discovery 4). */
export async function discover(site: WebSite): Promise<Provider> {
  const { status, body } = await ask(site, `${site.url}/oauth2/.well-known/openid-configuration`)
  const read = provider.safeParse(body)
  if (status === 200 && read.success) {
    const elsewhere = Object.values(read.data).find((url) => new URL(url).origin !== new URL(site.url).origin)
    if (elsewhere === undefined) return read.data
    // A site that names another's pages and its own for the codes would be given the other's tokens (RFC 9700 4.4).
    throw new StartProblem(
      `${site.url} says that one signs in at ${new URL(elsewhere).origin}.`,
      'Connect to that address, if it is the site that you mean.',
    )
  }
  throw new StartProblem(`${site.url} does not say how to sign in.`, 'Check the address: it is that of an Isthmus site, with its port.')
}

/** POSTs a form; answers the status and the JSON that came. */
export function postForm(site: WebSite, url: string, form: Record<string, string>): Promise<{ status: number; body: unknown }> {
  return ask(site, url, new URLSearchParams(form).toString())
}

function ask({ ca }: WebSite, url: string, form?: string): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(form) }),
      },
      timeout: 30_000,
      ...(ca ? { ca } : {}),
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 30 s')))
    asking.on('error', (error) => reject(unreached(url, error)))
    asking.on('response', async (response) => {
      try {
        let text = ''
        for await (const part of response) {
          text += String(part)
          if (text.length > most) throw new Error('the answer is too large')
        }
        resolve({ status: response.statusCode ?? 0, body: parsedJson(text) })
      } catch (error) {
        reject(unreached(url, error as Error))
      }
    })
    asking.end(form)
  })
}

function unreached(url: string, error: Error): StartProblem {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)
  return new StartProblem(
    `${new URL(url).origin} cannot be reached: ${error.message}.`,
    untrusted
      ? 'Name the certificate authority of the site with --ca (a lab’s: data/ca.pem).'
      : 'Check the address and that the site runs.',
    error,
  )
}
