import type { MailboxQuotas } from '../contract.ts'

/** What a mailbox has reached, from the least to the worst. */
export const quotaLevels = ['issueWarning', 'prohibitSend', 'prohibitSendReceive'] as const
export type QuotaLevel = (typeof quotaLevels)[number]

/** The worst level that a mailbox of this size has reached: a level is reached at its size (PSDOC Set-Mailbox: "reaches or exceeds"). */
export const levelOf = (quotas: MailboxQuotas, used: number): QuotaLevel | undefined =>
  quotaLevels.findLast((level) => used >= (quotas[level] ?? Infinity))

/** The size below which nothing has been reached. */
export const lowestOf = (quotas: MailboxQuotas): number => Math.min(...quotaLevels.map((level) => quotas[level] ?? Infinity))
