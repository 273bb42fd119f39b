import { Refusal, type RefusalCode, type RefusalKind } from '#model'

/** A reply of SMTP: RFC 5321 code and RFC 3463 status. */
export interface Reply {
  code: number
  status: string
}

/** What each kind of refusal answers; complete by type. */
export const answers: Record<RefusalKind, Reply> = {
  invalid: { code: 550, status: '5.6.0' },
  notFound: { code: 550, status: '5.1.1' },
  denied: { code: 550, status: '5.7.1' },
  unauthenticated: { code: 535, status: '5.7.8' },
  conflict: { code: 451, status: '4.3.0' },
  tooLarge: { code: 552, status: '5.3.4' },
  busy: { code: 451, status: '4.3.2' },
  unsupported: { code: 550, status: '5.5.1' },
  internal: { code: 451, status: '4.3.0' },
}

/** Refusals for which there is a more telling reply than their kind's. */
const particular: Partial<Record<RefusalCode, Reply>> = {
  InvalidSmtpAddress: { code: 553, status: '5.1.3' },
  MissingRecipients: { code: 503, status: '5.5.1' },
  TooManyRecipients: { code: 452, status: '4.5.3' },
  // RFC 3207 4
  TlsRequired: { code: 530, status: '5.7.0' },
  MailLoop: { code: 554, status: '5.4.6' },
  SendAsDenied: { code: 550, status: '5.7.60' },
  QuotaExceeded: { code: 552, status: '5.2.2' },
  // As Exchange answers whoever is beyond MessageRateLimit or RecipientRateLimit.
  MessageRateExceeded: { code: 421, status: '4.4.2' },
  SubmissionQuotaExceeded: { code: 550, status: '5.2.2' },
  AccountLockedOut: { code: 454, status: '4.7.0' },
  // RFC 5248 2.4 (IANA's X.7.13): whoever had signed in is told that it is not the password.
  AccountDisabled: { code: 525, status: '5.7.13' },
  SignInExpired: { code: 421, status: '4.7.0' },
}

/** An error as smtp-server takes it. */
export interface ReplyError extends Error {
  responseCode: number
}

/** What a command that failed answers. A bug answers 451 with an id; what it was stays in the log. */
export function replyTo(error: unknown, defect: (error: unknown) => string): ReplyError {
  if (error instanceof Refusal) {
    const { code, status } = particular[error.code] ?? answers[error.kind]
    return reply(code, status, error.message)
  }
  return reply(451, '4.3.0', `Internal error ${defect(error)}, try again later.`)
}

export function reply(code: number, status: string, text: string): ReplyError {
  return Object.assign(new Error(`${status} ${text}`), { responseCode: code })
}
