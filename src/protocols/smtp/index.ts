export { defaultSmtpLimits, type SmtpLimits } from './limits.ts'
export { answers } from './replies.ts'
export { startSmtp, type SmtpListener, type SmtpOptions, type SmtpServed } from './start-smtp.ts'
