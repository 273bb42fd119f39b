import { retentionPolicyOf } from '#directory'
import { Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import { provisionArchive } from './archive-folders.ts'
import { hurryAssistant } from './jobs.ts'
import type { RetentionVerbs } from './contract.ts'

/** The verbs of retention and archives, for protocols and cmdlets. */
export function createRetention(ctx: MailboxContext): RetentionVerbs {
  return {
    async startAssistant(caller, mailbox) {
      const { owner } = await fullAccess(ctx, caller, mailbox)
      const boxes = [mailbox, ...(owner?.archive && owner.archive.mailbox !== mailbox ? [owner.archive.mailbox] : [])]
      await ctx.store.write(async (tx) => {
        for (const box of boxes) await hurryAssistant(tx, caller.organisation, box, ctx.clock())
      })
    },
    async retentionTags(caller, mailbox) {
      const { owner } = await fullAccess(ctx, caller, mailbox)
      const policy = owner && (await retentionPolicyOf(ctx.store, caller.organisation, owner))
      const row = await ctx.store.read((tx) => tx.mailboxes.get(mailbox))
      return { tags: policy?.tags ?? [], culture: String(row?.settings.culture ?? '') }
    },
    provisionArchive: (owner) => provisionArchive(ctx, owner),
  }
}

async function fullAccess(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'How long items are kept is for the owner of the mailbox to know.')
  return access
}
