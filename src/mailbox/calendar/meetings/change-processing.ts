import { changeSendersWithin, ownerWithin } from '#directory'
import { permissionLevels, Refusal, type Caller } from '#model'
import type { WriteTx } from '#store'
import { audit } from '../../audit/audit.ts'
import type { MailboxContext } from '../../context.ts'
import { accessTo, type Access } from '../../permissions/access.ts'
import { boundedPermissions } from '../../permissions/entries.ts'
import { calendarProcessingOf, type CalendarProcessing } from './processing.ts'

/** See `Mailboxes.changeCalendarProcessing`. */
export async function changeCalendarProcessing(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  made: (current: Partial<CalendarProcessing> | undefined) => Partial<CalendarProcessing>,
  { delegates = false }: { delegates?: boolean } = {},
): Promise<void> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'These settings belong to the mailbox’s owner.')
  await ctx.store.write(async (tx) => {
    // The mailbox first: whoever else changes its delegates waits.
    const row = await tx.mailboxes.get(mailbox)
    const owner = row && (await ownerWithin(tx, row.organisation, mailbox))
    if (!row || !owner) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
    const calendarProcessing = made(row.settings.calendarProcessing as Partial<CalendarProcessing> | undefined)
    await tx.mailboxes.saveSettings(mailbox, { ...row.settings, calendarProcessing })
    if (!delegates) return
    const after = calendarProcessingOf({ calendarProcessing }, owner.kind).ResourceDelegates
    const gone = calendarProcessingOf(row.settings, owner.kind).ResourceDelegates.filter((id) => !after.includes(id))
    await changeSendersWithin(tx, owner, (senders) => [...senders.filter((id) => !gone.includes(id)), ...after], ctx.clock())
    await giveCalendar(tx, ctx, access, mailbox, after, gone)
  })
}

/** Who decides for a resource may answer in its calendar, as Editor; who no longer does may not. */
async function giveCalendar(
  tx: WriteTx,
  ctx: MailboxContext,
  access: Access,
  mailbox: string,
  delegates: readonly string[],
  gone: readonly string[],
): Promise<void> {
  const calendar = await tx.folders.byKind(mailbox, 'calendar')
  if (!calendar) throw new Refusal('FolderNotFound', 'The mailbox has no calendar.', { mailbox })
  const changed = [...delegates, ...gone]
  const editors = delegates.map((user) => ({ user, rights: permissionLevels.Editor }))
  const others = calendar.permissions.filter(({ user }) => !changed.includes(user))
  const permissions = boundedPermissions(calendar.name, [...others, ...editors])
  const folder = await tx.folders.update(mailbox, calendar.id, { permissions, modified: ctx.clock() })
  if (changed.length > 0) await audit(tx, ctx, access, { operation: 'UpdateFolderPermissions', folder, changed })
}
