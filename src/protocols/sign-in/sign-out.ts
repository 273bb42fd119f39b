/** Pages of signing out, and of what the provider refuses. */
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import { html } from './pages/html.ts'
import { button, documentOf } from './pages/layout.ts'
import { say } from './pages/texts.ts'

export async function signOutSource(context: KoaContextWithOIDC): Promise<void> {
  const { secret } = context.oidc.session?.state as { secret: string }
  context.type = 'html'
  context.body = documentOf({
    title: say('signOut'),
    body: html`<p>${say('signOutAsk')}</p>
      <form method="post" action="${context.oidc.urlFor('end_session_confirm')}">
        <input type="hidden" name="xsrf" value="${secret}" />
        ${button(say('signOutYes'), 'logout', 'yes')}
      </form>
      <p><a href="/account/security">${say('signOutNo')}</a></p>`,
  })
}

export async function signedOutSource(context: KoaContextWithOIDC): Promise<void> {
  context.type = 'html'
  context.body = documentOf({ title: say('signOut'), body: html`<p>${say('signedOut')}</p>` })
}

/** What went wrong, in the words of the specification: they are for who made the program. */
export async function errorSource(context: KoaContextWithOIDC, { error, error_description: why }: ErrorOut): Promise<void> {
  context.type = 'html'
  context.body = documentOf({
    title: say('errorTitle'),
    problem: context.oidc.route === 'resume' || context.oidc.route === 'device_resume' ? say('errorExpired') : (why ?? error),
    body: html`<p><code>${error}</code></p>`,
  })
}
