export { mailTipKinds, type MailTipKind, type MailTips, type MailTipsConfiguration, type MailTipsOptions } from './contract.ts'
export type { MailTipsVerbs, OutOfOfficeTip } from './contract.ts'
export { createMailTips } from './mail-tips.ts'
export { mostRecipients } from './configuration.ts'
