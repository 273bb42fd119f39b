export type * from './contract.ts'
export type { Log, MailboxContext } from './context.ts'
export { createMailboxes } from './mailboxes.ts'
