/** Letting a program in: asked each time, after signing in. */
import type { HttpReply } from '#access'
import type { Visit } from './login.ts'
import { fieldsOf } from './forms.ts'
import { html } from './pages/html.ts'
import { button, pagePolicy, pageReply, problemPage } from './pages/layout.ts'
import { texts, type TextKey } from './pages/texts.ts'

export async function approvalPage({ context, interaction, forms, say }: Visit): Promise<HttpReply> {
  const { rules, provider, directory } = context
  const recipient = await rules.sessions.recipientOf(interaction.session?.accountId ?? '')
  const client = await provider.Client.find(String(interaction.params.client_id))
  const organisation = recipient && (await directory.organisation(recipient.organisation))
  if (!recipient || !client || !organisation) return problemPage(say, say('errorExpired'))
  const device = interaction.params.device_name
  const values = {
    client: client.clientName ?? client.clientId,
    device: String(device ?? ''),
    address: recipient.address,
    organisation: `${organisation.name} (${organisation.defaultDomain})`,
  }
  const scopes = String(interaction.params.scope ?? '').split(' ')
  const body = html`<p>${say(device ? 'approveWhat' : 'approveWhatHere', values)}</p>
    <ul>
      ${scopes.filter((scope) => `scope_${scope}` in texts).map((scope) => html`<li>${say(`scope_${scope}` as TextKey, values)}</li>`)}
    </ul>
    <p>${say('approveWarn')}</p>
    <form method="post">
      ${forms.field(interaction.uid)} ${button(say('approve'), 'answer', 'approve')} ${button(say('deny'), 'answer', 'deny', 'second')}
    </form>`
  // After the form the way leads on to the program, and browsers hold the whole way against the policy (CSP 3, form-action).
  const policy = { 'content-security-policy': pagePolicy(originOf(interaction.params.redirect_uri)) }
  return pageReply(say, { title: say('approveTitle'), body }, { headers: { ...policy, 'set-cookie': forms.cookies } })
}

const originOf = (redirect: unknown): string => (typeof redirect === 'string' ? (URL.parse(redirect)?.origin ?? '') : '')

export async function approve({ context, interaction, request, finish, say }: Visit): Promise<HttpReply> {
  const fields = fieldsOf(request, context.keys.forms, interaction.uid)
  if (fields.get('answer') !== 'approve') return finish({ error: 'access_denied', error_description: 'The person has denied it.' })
  const accountId = interaction.session?.accountId ?? ''
  const recipient = await context.rules.sessions.recipientOf(accountId)
  if (!recipient) return problemPage(say, say('errorExpired'))
  const grant = new context.provider.Grant({ accountId, clientId: String(interaction.params.client_id) })
  grant.addOIDCScope(String(interaction.params.scope ?? ''))
  request.log.caller = recipient.address
  return finish({ consent: { grantId: await grant.save() } })
}
