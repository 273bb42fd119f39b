/** Mail from outside over SMTP, message by message, with the references that make it a conversation. */
import { connectSmtp } from '../clients/raw-smtp.ts'
import type { TestSite } from './site.ts'

export interface ThreadMessage {
  subject: string
  /** Without brackets. */
  id: string
  /** The messages before it, the first first. */
  after?: string[]
  to?: string
  from?: string
  headers?: string[]
}

/** Sends the messages one after the other; the server has taken them when this resolves. */
export async function sendThread(site: TestSite, messages: readonly ThreadMessage[]): Promise<void> {
  const { smtp } = site.ports
  if (!smtp) throw new Error('the site has no SMTP listener')
  const line = await connectSmtp(smtp)
  try {
    for (const { subject, id, after = [], to = 'mary@contoso.com', from = 'carol@fabrikam.example', headers = [] } of messages) {
      const last = after.at(-1)
      const fields = [
        `From: ${from.split('@')[0]} <${from}>`,
        `To: <${to}>`,
        `Subject: ${subject}`,
        `Message-ID: <${id}>`,
        ...(last ? [`In-Reply-To: <${last}>`, `References: ${after.map((one) => `<${one}>`).join(' ')}`] : []),
        'Date: Fri, 27 Nov 2026 10:00:00 +0000',
        ...headers,
      ]
      await line.send(from, [to], Buffer.from([...fields, '', `The text of ${subject}.`, ''].join('\r\n')))
    }
  } finally {
    line.close()
  }
}
