/** Pages of signing out, and of what the provider refuses. */
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import { html } from './pages/html.ts'
import { button, documentOf } from './pages/layout.ts'
import type { SayAt } from './language.ts'

/** The pages, in the language that `sayAt` finds. */
export function endPages(sayAt: SayAt) {
  async function signOutSource(context: KoaContextWithOIDC): Promise<void> {
    const say = await sayAt(context)
    const { secret } = context.oidc.session?.state as { secret: string }
    context.type = 'html'
    context.body = documentOf(say, {
      title: say('signOut'),
      body: html`<p>${say('signOutAsk')}</p>
        <form method="post" action="${context.oidc.urlFor('end_session_confirm')}">
          <input type="hidden" name="xsrf" value="${secret}" />
          ${button(say('signOutYes'), 'logout', 'yes')}
        </form>
        <p><a href="/account/security">${say('signOutNo')}</a></p>`,
    })
  }

  async function signedOutSource(context: KoaContextWithOIDC): Promise<void> {
    const say = await sayAt(context)
    context.type = 'html'
    context.body = documentOf(say, { title: say('signOut'), body: html`<p>${say('signedOut')}</p>` })
  }

  /** What went wrong, in the words of the specification: they are for who made the program. */
  async function errorSource(context: KoaContextWithOIDC, { error, error_description: why }: ErrorOut): Promise<void> {
    const say = await sayAt(context)
    context.type = 'html'
    context.body = documentOf(say, {
      title: say('errorTitle'),
      problem:
        context.oidc.route === 'resume' || context.oidc.route === 'device_resume'
          ? say('errorExpired')
          : html`<span lang="en">${why ?? error}</span>`,
      body: html`<p><code>${error}</code></p>`,
    })
  }

  return { signOutSource, signedOutSource, errorSource }
}
