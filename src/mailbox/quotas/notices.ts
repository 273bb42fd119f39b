import type { Recipient } from '#directory'
import { extendedKey, Refusal, type Caller, type EmailAddress, type ExtendedValue, type Instant, type Properties } from '#model'
import type { MailboxRow } from '#store'
import { buildMime } from '#wire'
import type { MailboxContext } from '../context.ts'
import type { MailboxQuotas } from '../contract.ts'
import { newMessageId } from '../items/message-id.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { keepingOf } from '../recoverable/keeping.ts'
import { quotasFor, requireMaySend } from '../settings/quotas.ts'
import type { QuotaVerbs } from './contract.ts'
import { levelOf, lowestOf, type QuotaLevel } from './levels.ts'
import { recoverableSize, usedOf } from './usage.ts'
import { quotaNotice } from './words.ts'

/** A level is told of once in this time; a little less than a day, so that what is looked at daily is told of daily. */
const oncePer = 23 * 3_600_000
const setting = 'quotaNotices'
/** Message classes by which programs know a notice of each level. */
const itemClasses: Record<QuotaLevel, string> = {
  issueWarning: 'IPM.Note.StorageQuotaWarning.Warning',
  prohibitSend: 'IPM.Note.StorageQuotaWarning.Send',
  prohibitSendReceive: 'IPM.Note.StorageQuotaWarning.SendReceive',
}

/** The verbs of `QuotaVerbs`. */
export function createQuotas(ctx: MailboxContext): QuotaVerbs {
  return {
    requireRoomToSend: (caller) => requireRoomToSend(ctx, caller),
    tellOfQuota: (caller, mailbox) => tellOfQuota(ctx, caller, mailbox),
    recoverableOverWarning: (caller, mailbox) => recoverableOverWarning(ctx, caller, mailbox),
  }
}

async function requireRoomToSend(ctx: MailboxContext, { organisation, recipient }: Caller): Promise<void> {
  const owner = recipient ? await ctx.directory.recipient(organisation, recipient) : undefined
  if (!owner?.mailbox) return
  const quotasOf = await quotasFor(ctx, owner)
  await ctx.store.read((tx) => requireMaySend(tx, owner, quotasOf))
}

function requireServer({ kind }: Caller): void {
  if (kind !== 'system') throw new Refusal('AccessDenied', 'Quotas are looked after by the server itself.')
}

interface Reached {
  level: QuotaLevel
  used: number
  quotas: MailboxQuotas
}

async function tellOfQuota(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<QuotaLevel | undefined> {
  requireServer(caller)
  const owner = await ctx.directory.recipientOfMailbox(caller.organisation, mailbox)
  // What an archive has is told to nobody: nothing is delivered to it.
  if (!owner || owner.mailbox !== mailbox) return undefined
  const quotasOf = await quotasFor(ctx, owner)
  const found = await ctx.store.read(async (tx) => {
    const row = await tx.mailboxes.get(mailbox)
    if (!row) return undefined
    const quotas = quotasOf(row)
    const used = await usedOf(tx, row, lowestOf(quotas))
    const level = levelOf(quotas, used)
    return level && !isTold(row, level, ctx.clock()) ? { row, reached: { level, used, quotas } } : undefined
  })
  if (!found) return undefined
  const { row, reached } = found
  const prepared = await noticeOf(ctx, owner, String(row.settings.culture ?? ''), reached)
  return ctx.store.write(async (tx) => {
    const { level } = reached
    const now = await tx.mailboxes.get(mailbox)
    const inbox = await tx.folders.byKind(mailbox, 'inbox')
    if (!now || !inbox || isTold(now, level, ctx.clock())) return undefined
    // Straight into the Inbox: no quota, rule, forwarding or automatic reply has a say in it, so that it neither fails nor loops.
    await insertItem(tx, mailbox, inbox.id, prepared)
    await tx.mailboxes.saveSettings(mailbox, { ...now.settings, [setting]: { ...toldOf(now), [level]: ctx.clock() } })
    return level
  })
}

const toldOf = ({ settings }: Pick<MailboxRow, 'settings'>) => (settings[setting] ?? {}) as Partial<Record<QuotaLevel, Instant>>

/** A clock that was set back leaves nobody untold. */
function isTold(row: Pick<MailboxRow, 'settings'>, level: QuotaLevel, now: Instant): boolean {
  const last = toldOf(row)[level]
  return last !== undefined && Math.abs(now - last) < oncePer
}

async function noticeOf(ctx: MailboxContext, owner: Recipient, culture: string, reached: Reached): Promise<PreparedItem> {
  const { level, used, quotas } = reached
  const { subject, text } = quotaNotice(culture || undefined, reached)
  const from = await postmasterOf(ctx, owner)
  const to: EmailAddress = { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const now = ctx.clock()
  const internetMessageId = newMessageId(ctx, from.address?.split('@')[1])
  const mime = await buildMime({
    from: { name: from.name ?? '', address: from.address ?? '' },
    to: [{ name: owner.displayName, address: owner.address }],
    subject,
    date: now,
    messageId: internetMessageId,
    headers: [
      { name: 'Importance', value: 'high' },
      { name: 'Auto-Submitted', value: 'auto-generated' },
      { name: 'X-Auto-Response-Suppress', value: 'All' },
    ],
    text,
  })
  const properties: Properties = {
    itemClass: itemClasses[level],
    subject,
    importance: 'High',
    from,
    sender: { ...from },
    toRecipients: [to],
    receivedBy: { ...to },
    receivedRepresenting: { ...to },
    internetMessageId,
    dateTimeSent: now,
    dateTimeReceived: now,
    isRead: false,
    isDraft: false,
    isUnmodified: true,
    isFromMe: false,
    body: { type: 'Text', value: text },
  }
  const extended = kilobytes({ 0x3ff5: quotas[level], 0x3ff6: used - (quotas[level] ?? used) })
  return prepareItem(ctx, { kind: 'message', properties, extended, mime }, { creator: '', modifiedBy: from.name ?? '' })
}

/** PidTagStorageQuotaLimit and PR_EXCESS_STORAGE_USED, in KB. */
function kilobytes(byTag: Record<number, number | undefined>): Record<string, ExtendedValue> {
  return Object.fromEntries(
    Object.entries(byTag).flatMap(([tag, bytes]) => {
      const type = 'Integer' as const
      const value = Math.min(0x7fffffff, Math.floor((bytes ?? 0) / 1024))
      return bytes === undefined ? [] : [[extendedKey({ tag: Number(tag), type }), { type, value }]]
    }),
  )
}

/** Who failed mail is reported by too. */
async function postmasterOf(ctx: MailboxContext, { organisation, address }: Recipient): Promise<EmailAddress> {
  const given = (await ctx.configuration?.get(organisation, 'TransportConfig'))?.ExternalPostmasterAddress
  const domain = (await ctx.directory.organisation(organisation))?.defaultDomain ?? address.split('@')[1]
  return { name: 'Microsoft Outlook', address: given || `postmaster@${domain}`, routingType: 'SMTP' }
}

async function recoverableOverWarning(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<number | undefined> {
  requireServer(caller)
  return ctx.store.read(async (tx) => {
    const row = await tx.mailboxes.get(mailbox)
    if (!row || row.organisation !== caller.organisation) return undefined
    const { warning } = await keepingOf(tx, mailbox)
    if (row.size < warning) return undefined
    const bytes = await recoverableSize(tx, mailbox)
    return bytes >= warning ? bytes : undefined
  })
}
