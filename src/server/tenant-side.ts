import { masked, type HybridWizardNeeds } from '#admin'
import { RemoteFailure, type RemoteHttp } from '#hybrid'
import { Refusal, type RefusalCode } from '#model'
import { unmarked } from '#shell'
import type { Send } from './commands/admin-send.ts'
import { objectsFrom } from './commands/remote-host.ts'

/** Milliseconds that a cmdlet has on the other side. */
const deadline = 60_000
/** Letters of what another server says that are passed on. */
const longest = 500

/**
 * The cmdlets of an organisation elsewhere over its REST administration, by the way of all calls to other organisations: https alone, no
 * private addresses that the configuration does not allow, answers of bounded size, no redirects. The credentials go nowhere but there.
 */
export function tenantSide(http: RemoteHttp): HybridWizardNeeds['tenantSide'] {
  return ({ url, organisation, authorization }, { warn, signal }) => {
    const send: Send = async ({ method, path, headers, body, signal: ended = signal }) => {
      const answer = await http.send({
        ...{ url: `${url}${path}`, method, headers: { ...headers, authorization } },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.any([ended, AbortSignal.timeout(deadline)]),
      })
      return { ...answer, body: once(answer.body) }
    }
    const harmless = withoutSecretsOf(authorization)
    return {
      name: 'online',
      async invoke(CmdletName, Parameters) {
        const run = { body: { CmdletInput: { CmdletName, Parameters } }, signal, progress: () => undefined }
        const heard = (text: string) => warn(`online, ${CmdletName}: ${harmless(text)}`)
        try {
          return (await Array.fromAsync(objectsFrom({ send, organisation }, { ...run, warn: heard }), unmarked)) as Record<
            string,
            unknown
          >[]
        } catch (error) {
          throw told(error, new URL(url).host, harmless)
        }
      },
    }
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** What the answer here is when the other side's is this: a caller here is signed in, and this server has no bug. */
const codes: Partial<Record<RefusalCode, [RefusalCode, advice: string]>> = {
  Unauthenticated: ['AccessDenied', 'The credentials are not taken there'],
  SecondFactorRequired: ['AccessDenied', 'Sign in there with a second factor, and give the token as -TenantAccessToken'],
  StepUpRequired: ['AccessDenied', 'Sign in there again, and give the token as -TenantAccessToken'],
  AccessDenied: ['AccessDenied', 'The other side refuses'],
  InternalServerError: ['ServiceDiscoveryFailed', 'The other side failed'],
}

function told(error: unknown, host: string, harmless: (text: string) => string): unknown {
  if (error instanceof RemoteFailure) return new Refusal('ServiceDiscoveryFailed', error.message)
  if (!(error instanceof Refusal)) return error
  const [code, advice] = codes[error.code] ?? [error.code]
  return new Refusal(code, `${advice ? `${advice} (${host}): ` : ''}${harmless(error.message)}`)
}

/** What the other side says, in short. One that says the credentials back does not bring them into our logs. */
function withoutSecretsOf(authorization: string): (text: string) => string {
  const [scheme = '', secret = ''] = authorization.split(' ')
  const pair = scheme === 'Basic' ? Buffer.from(secret, 'base64').toString('utf8') : ''
  const secrets = [secret, pair.slice(pair.indexOf(':') + 1)].filter(Boolean)
  return (text) => secrets.reduce((left, each) => left.replaceAll(each, masked), text).slice(0, longest)
}
