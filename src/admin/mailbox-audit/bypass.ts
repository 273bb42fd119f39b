import type { Recipient, RecipientKind } from '#directory'
import { Refusal } from '#model'
import { anyRecipient, nameOf } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/** Who signs in, so whose doings could be written down. */
const accounts: readonly RecipientKind[] = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox', 'MailUser', 'User']
const pageSize = 200
const isBypassed = ({ kept }: Recipient) => kept?.AuditBypassEnabled === true

const shown = (recipient: Recipient) => ({
  Identity: nameOf(recipient),
  Name: nameOf(recipient),
  ObjectId: recipient.id,
  AuditBypassEnabled: isBypassed(recipient),
  WhenChanged: recipient.changed === undefined ? null : new Date(recipient.changed),
})

/** The account that a name means. None → ObjectNotFound; a group or contact, who signs in nowhere → InvalidParameter. */
async function accountFor(context: CmdletContext, identity: string): Promise<Recipient> {
  const found = await anyRecipient(context, identity)
  if (accounts.includes(found.kind)) return found
  throw new Refusal('InvalidParameter', `'${found.displayName}' is no account: nobody signs in as it.`, { parameter: 'Identity' })
}

/** Accounts whose doings no mailbox writes down. */
export const bypassCmdlets: readonly Cmdlet[] = [
  cmdlet('Get-MailboxAuditBypassAssociation', {
    summary: 'Shows whether what an account does in mailboxes is written down, or bypasses their audit logs.',
    roles: ['Audit Logs', 'View-Only Audit Logs', 'View-Only Configuration'],
    parameters: {
      Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
      ResultSize: take.optional(take.count(), { fallback: 1000 }),
    },
    returns: 'MailboxAuditBypassAssociation',
    examples: [
      {
        command: 'Get-MailboxAuditBypassAssociation | Where-Object AuditBypassEnabled',
        says: 'Lists the accounts whose doings are not written down.',
      },
    ],
    async *run({ Identity, ResultSize = 1000 }, context) {
      if (Identity !== undefined) return void (yield shown(await accountFor(context, Identity)))
      let left = ResultSize
      for (let after = ''; left > 0;) {
        const page = await context.directory.list(context.organisation, [...accounts], after, pageSize)
        for (const recipient of page.slice(0, Math.min(left, pageSize))) yield shown(recipient)
        left -= page.length
        if (page.length < pageSize) return
        after = page.at(-1)!.id
      }
    },
  }),
  cmdlet('Set-MailboxAuditBypassAssociation', {
    summary: 'Says that what an account does, in its own mailbox and in those of others, is not written down in their audit logs.',
    roles: ['Audit Logs'],
    dangerous: true,
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      AuditBypassEnabled: take.optional(take.boolean(), { summary: 'Whether it is left out: $true = it is not written down.' }),
    },
    examples: [
      {
        command: 'Set-MailboxAuditBypassAssociation rob -AuditBypassEnabled $true',
        says: 'Leaves a service account, which opens every mailbox all day, out of the audit logs.',
      },
    ],
    async run({ Identity, AuditBypassEnabled }, context) {
      const account = await accountFor(context, Identity)
      if (AuditBypassEnabled === undefined) return
      await context.directory.update(context.organisation, account.id, ({ kept }) => {
        const { AuditBypassEnabled: _, ...others } = kept ?? {}
        return { kept: AuditBypassEnabled ? { ...others, AuditBypassEnabled } : others }
      })
    },
  }),
]
