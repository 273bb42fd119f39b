import { Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import { accessTo } from '../permissions/access.ts'

/** The settings that anyone in the organisation may read: what free/busy needs. */
const open = ['timeZone', 'culture', 'workingHours'] as const

/** Time zone, culture, working hours, out-of-office (`outOfOffice`) … Whoever is not the owner reads the open ones alone. */
export async function settings(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Record<string, unknown>> {
  const access = await accessTo(ctx, caller, mailbox)
  const row = await ctx.store.read((tx) => tx.mailboxes.get(mailbox))
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  if (access.full) return row.settings
  return Object.fromEntries(open.flatMap((name) => (name in row.settings ? [[name, row.settings[name]]] : [])))
}

/** Merges changes into the settings; undefined or null removes one. For the owner and full access alone. */
export async function saveSettings(ctx: MailboxContext, caller: Caller, mailbox: string, changes: Record<string, unknown>): Promise<void> {
  await change(ctx, caller, mailbox, () => changes)
}

/** One setting made from what it was, in one write; undefined or null removes it. For the owner and full access alone. */
export async function changeSetting(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  name: string,
  made: (current: unknown) => unknown,
): Promise<void> {
  await change(ctx, caller, mailbox, (settings) => ({ [name]: made(settings[name]) }))
}

async function change(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  changesOf: (settings: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'These settings belong to the mailbox’s owner.')
  await ctx.store.write(async (tx) => {
    const row = await tx.mailboxes.get(mailbox)
    if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
    const merged = Object.entries({ ...row.settings, ...changesOf(row.settings) }).filter(
      ([, value]) => value !== undefined && value !== null,
    )
    const after = Object.fromEntries(merged)
    // Automatic replies that are set anew go to everybody once more.
    if (JSON.stringify(after.outOfOffice) !== JSON.stringify(row.settings.outOfOffice)) await tx.replies.forget(mailbox, 'away')
    await tx.mailboxes.saveSettings(mailbox, after)
  })
}
