import type { Mailboxes } from '#mailbox'
import { administratorCaller } from '#model'
import { recipientFor } from '../recipients/find.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { retentionRoles } from './roles.ts'

export interface AssistantCmdletNeeds {
  mailboxes: Pick<Mailboxes, 'startAssistant'>
  /** Says that a job waits. */
  wake: () => void
}

/** `Start-ManagedFolderAssistant`: the mailbox has its round now instead of when its turn comes. */
export const startAssistant = ({ mailboxes, wake }: AssistantCmdletNeeds): Cmdlet =>
  cmdlet('Start-ManagedFolderAssistant', {
    summary: 'Has the folder assistant look at a mailbox and its archive now: what its retention policy says is done in the background.',
    roles: [...retentionRoles, 'Organization Configuration'],
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      FullCrawl: take.optional(take.switched(), { summary: 'Taken and without effect: every round looks at every folder.' }),
    },
    examples: [{ command: 'Start-ManagedFolderAssistant -Identity mary', says: 'Applies retention to Mary’s mailbox at once.' }],
    async run({ Identity }, context) {
      const { mailbox } = await recipientFor(context, 'Mailbox', Identity)
      await mailboxes.startAssistant(administratorCaller(context.caller), mailbox)
      wake()
    },
  })
