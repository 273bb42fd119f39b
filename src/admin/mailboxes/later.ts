import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import type { Parameters } from '../registry/parameter.ts'

/** What a rule does. Roles that lack one of them take it from the rules that people make in the browser. */
const ruleActions = {
  MoveToFolder: take.optional(take.identity()),
  CopyToFolder: take.optional(take.identity()),
  DeleteMessage: take.optional(take.boolean()),
  ApplyCategory: take.optional(take.list(take.string())),
  MarkImportance: take.optional(take.oneOf(['Low', 'Normal', 'High'])),
  MarkAsRead: take.optional(take.boolean()),
  ForwardTo: take.optional(take.list(take.identity())),
  ForwardAsAttachmentTo: take.optional(take.list(take.identity())),
  RedirectTo: take.optional(take.list(take.identity())),
  StopProcessingRules: take.optional(take.boolean()),
} as const

/** Cmdlets of Exchange on one mailbox that are not there yet: they say so, rather than that nobody knows them. */
const later: readonly [name: string, what: string, parameters: Parameters][] = [
  ['Get-InboxRule', 'rules of the Inbox', {}],
  ['New-InboxRule', 'rules of the Inbox', ruleActions],
]

export const laterCmdlets: readonly Cmdlet[] = later.map(([name, what, parameters]) =>
  cmdlet(name, {
    summary: `Is not there yet: there are no ${what}.`,
    roles: ['Mail Recipients', 'MyBaseOptions'],
    parameters: {
      Identity: take.optional(take.string(), { position: 0 }),
      Mailbox: take.optional(take.string()),
      Name: take.optional(take.string()),
      ...parameters,
    },
    async run() {
      throw new Refusal('UnknownOperation', `${name} is not there yet: there are no ${what}.`, { cmdlet: name })
    },
  }),
)
