/** Pages of the device flow (RFC 8628 3.3): entering the code and comparing it. Approving comes after signing in. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Client } from 'oidc-provider'
import { html } from './pages/html.ts'
import { button, documentOf, field, type Page } from './pages/layout.ts'
import type { Say } from './pages/say.ts'
import type { TextKey } from './pages/texts.ts'
import type { SayAt } from './language.ts'

const problems: Readonly<Record<string, TextKey>> = {
  NoCodeError: 'deviceWrong',
  NotFoundError: 'deviceWrong',
  AlreadyUsedError: 'deviceWrong',
  ExpiredError: 'deviceExpired',
  AbortedError: 'deviceStopped',
}

/** The header by which the pages tell whoever serves them that a code was wrong; it goes no further. */
export const wrongCode = 'x-isthmus-wrong-code'

export function devicePages(sayAt: SayAt) {
  return {
    enabled: true as const,
    charset: 'base-20' as const,
    mask: '****-****',
    deviceInfo: (context: KoaContextWithOIDC) => ({ ip: context.ip, client: context.get('user-agent').slice(0, 200) }),
    async userCodeInputSource(context: KoaContextWithOIDC, _form: string, _out?: unknown, error?: Error & { userCode?: string }) {
      const say = await sayAt(context)
      const problem = error && (problems[error.name] ?? 'errorForm')
      if (problem === 'deviceWrong') context.set(wrongCode, '1')
      show(context, say, {
        title: say('deviceTitle'),
        ...(problem ? { problem: say(problem) } : {}),
        body: html`<p>${say('deviceWhy')}</p>
          <form method="post" action="${context.oidc.urlFor('code_verification')}">
            ${secretOf(context)}
            ${field({ name: 'user_code', label: say('deviceLabel'), focus: true, ...(problem ? { wrong: true } : {}) })}
            ${button(say('next'))}
          </form>`,
      })
    },
    async userCodeConfirmSource(context: KoaContextWithOIDC, _form: string, client: Client, _device: unknown, userCode: string) {
      const say = await sayAt(context)
      const device = String(context.oidc.entities.DeviceCode?.params?.device_name ?? say('yourDevice'))
      show(context, say, {
        title: say('deviceConfirmTitle'),
        body: html`<p>${say('deviceConfirmWhat', { client: client.clientName ?? client.clientId, device })}</p>
          <p><code>${userCode}</code></p>
          <p>${say('deviceConfirmWarn')}</p>
          <form method="post" action="${context.oidc.urlFor('code_verification')}">
            ${secretOf(context)}
            <input type="hidden" name="user_code" value="${userCode}" />
            ${button(say('continue'), 'confirm', 'yes')} ${button(say('stop'), 'abort', 'yes', 'second')}
          </form>`,
      })
    },
    async successSource(context: KoaContextWithOIDC) {
      const say = await sayAt(context)
      show(context, say, { title: say('deviceDone'), body: html`<p>${say('deviceDoneWhat')}</p>` })
    },
  }
}

/** The provider's own protection of its forms: it lies in the session. */
const secretOf = ({ oidc }: KoaContextWithOIDC) =>
  html`<input type="hidden" name="xsrf" value="${String((oidc.session?.state as { secret?: string } | undefined)?.secret ?? '')}" />`

function show(context: KoaContextWithOIDC, say: Say, page: Page): void {
  context.type = 'html'
  context.body = documentOf(say, page)
}
