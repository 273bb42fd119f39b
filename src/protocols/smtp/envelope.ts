import type { X509Certificate } from 'node:crypto'
import type { SMTPServerAddress, SMTPServerSession } from 'smtp-server'
import type { Envelope, EnvelopeRecipient, Notify, Origin } from '#transport'

/** The envelope of a session, as the transport takes it, with the DSN wishes of RFC 3461. */
export function envelopeOf({ envelope }: SMTPServerSession): Envelope {
  const { ret, envid } = envelope.dsn ?? {}
  return {
    sender: envelope.mailFrom ? envelope.mailFrom.address : '',
    recipients: envelope.rcptTo.map(recipientOf),
    ...(ret === 'FULL' || ret === 'HDRS' ? { ret } : {}),
    ...(envid ? { envid: xtext(envid) } : {}),
    ...(envelope.smtpUtf8 ? { smtpUtf8: true } : {}),
  }
}

function recipientOf({ address, dsn }: SMTPServerAddress): EnvelopeRecipient {
  return {
    address,
    ...(dsn?.notify ? { notify: dsn.notify as Notify[] } : {}),
    ...(dsn?.orcpt ? { originalRecipient: xtext(dsn.orcpt) } : {}),
  }
}

/** RFC 3461 4: `+2B` stands for `+`. */
function xtext(text: string): string {
  return text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** Where a message comes from. What a client says of other premises (XOORG) counts on TLS alone. */
export function originOf(session: SMTPServerSession, kind: Origin['kind'], certificates: readonly X509Certificate[]): Origin {
  const { XOORG } = (session.envelope.mailFrom && session.envelope.mailFrom.args) || {}
  return {
    kind,
    protocol: session.transmissionType,
    helo: session.hostNameAppearsAs || '',
    address: session.remoteAddress,
    ...(certificates.length > 0 ? { certificates } : {}),
    ...(session.secure && typeof XOORG === 'string' ? { originatorOrg: XOORG } : {}),
  }
}
