import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { folderFor, folderIdForm, folderIdOf, readFolderIdentity } from './folder-for.ts'
import { messages } from './kept-options.ts'
import { mailboxFor, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'
import { changedOptions, parametersOf, shownOptions, warnOfKept } from './options.ts'

const name = 'Set-MailboxMessageConfiguration'
const setting = 'messageConfiguration'

/** How messages are shown and written, which is kept for the clients, and where sent items are saved, by which copies of what others send go. */
export function messageConfigurationCmdlets(needs: MailboxNeeds): Cmdlet[] {
  const { mailboxes } = needs
  const Identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
  return [
    cmdlet('Get-MailboxMessageConfiguration', {
      summary: 'Shows how messages are shown and written, the signature with it, and where sent items are saved.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: { Identity },
      returns: 'MailboxMessageConfiguration',
      async run(args, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, args.Identity, 'see')
        const settings = await mailboxes.settings(caller, mailbox)
        const { row } = await mailboxes.sentItemsFolder(caller, mailbox)
        return {
          Identity: identity,
          MailboxOwnerId: recipient.displayName,
          ...shownOptions(messages, settings[setting]),
          SaveSentItemsTo: row.name,
          SaveSentItemsToFolderId: folderIdOf(row),
        }
      },
    }),
    cmdlet(name, {
      summary: 'Sets how messages are shown and written, which is kept for the clients, and where sent items are saved.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: {
        Identity,
        ...parametersOf(messages),
        SaveSentItemsTo: take.optional(take.nullable(take.identity()), {
          summary:
            'The mail folder in which copies of what others send for the mailbox are filed, by its path or FolderId; Sent Items unless one is named.',
        }),
      },
      examples: [
        { command: `${name} sales -SaveSentItemsTo '\\Inbox'`, says: 'Copies of what others send as Sales are filed in its Inbox.' },
        { command: `${name} sales -SaveSentItemsTo $null`, says: 'They are filed in Sent Items again.' },
      ],
      async run({ SaveSentItemsTo, ...args }, context) {
        const open = await mailboxFor(context, args.Identity, 'change')
        if (SaveSentItemsTo !== undefined) await saveSentItemsTo(needs, context, open, SaveSentItemsTo)
        const { caller, mailbox } = open
        if (Object.keys(messages).some((option) => (args as Record<string, unknown>)[option] !== undefined)) {
          await mailboxes.changeSetting(caller, mailbox, setting, (current) => changedOptions(messages, current, args))
        }
        warnOfKept(context, name, args, Object.keys(messages))
      },
    }),
  ]
}

/** Sets the folder that a path in the mailbox, a FolderId or both parts of a folder's identity name. Of another mailbox → InvalidParameter. */
async function saveSentItemsTo(needs: MailboxNeeds, context: CmdletContext, open: OpenMailbox, named: string | null): Promise<void> {
  const { caller, mailbox, identity } = open
  if (named === null) return needs.mailboxes.saveSentItemsTo(caller, mailbox, undefined)
  const { mailbox: other, id } = readFolderIdentity(named)
  const isWhole = other !== undefined && (id !== undefined || named.includes(':\\'))
  const inside = named.startsWith('\\') || folderIdForm.test(named) ? named : `\\${named}`
  const found = await folderFor(needs, context, isWhole ? named : `${identity}:${inside}`, 'see')
  if (found.open.mailbox !== mailbox) {
    throw new Refusal(
      'InvalidParameter',
      `-SaveSentItemsTo must be a folder of ${identity}: '${named}' is one of ${found.open.identity}.`,
      {
        parameter: 'SaveSentItemsTo',
      },
    )
  }
  return needs.mailboxes.saveSentItemsTo(caller, mailbox, { mailbox, id: found.folder.row.id })
}
