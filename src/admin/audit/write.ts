import { Refusal } from '#model'
import { cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/** The entry is that of the cmdlet itself: its comment is its parameter. */
export const writeAuditLog = cmdlet('Write-AdminAuditLog', {
  summary: 'Writes a comment into the admin audit log.',
  roles: ['Audit Logs', 'Organization Configuration', 'Mail Recipients', 'Role Management'],
  parameters: { Comment: take.mandatory(take.string(), { position: 0, summary: 'At most 500 characters.' }) },
  examples: [{ command: "Write-AdminAuditLog -Comment 'Maintenance begins.'", says: 'Says in the log why the next commands are run.' }],
  async run({ Comment }) {
    if (Comment.length > 500) throw new Refusal('InvalidParameter', '-Comment is at most 500 characters.', { parameter: 'Comment' })
  },
})
