import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/** Cmdlets of Exchange on one mailbox that are not there yet: they say so, rather than that nobody knows them. */
const later: readonly [name: string, what: string][] = [
  ['Get-InboxRule', 'rules of the Inbox'],
  ['New-InboxRule', 'rules of the Inbox'],
]

export const laterCmdlets: readonly Cmdlet[] = later.map(([name, what]) =>
  cmdlet(name, {
    summary: `Is not there yet: there are no ${what}.`,
    roles: ['Mail Recipients', 'MyBaseOptions'],
    parameters: {
      Identity: take.optional(take.string(), { position: 0 }),
      Mailbox: take.optional(take.string()),
      Name: take.optional(take.string()),
    },
    async run() {
      throw new Refusal('UnknownOperation', `${name} is not there yet: there are no ${what}.`, { cmdlet: name })
    },
  }),
)
