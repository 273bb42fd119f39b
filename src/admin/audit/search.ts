import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import type { AuditLog, AuditRecord } from './log.ts'

const usual = 1000
const most = 250_000

const shown = (record: AuditRecord) => ({
  Identity: record.id,
  RunDate: new Date(record.when),
  Caller: record.who,
  CmdletName: record.cmdlet,
  CmdletParameters: Object.entries(record.parameters).map(([Name, Value]) => ({ Name, Value })),
  ObjectModified: record.objectModified ?? '',
  // Null = it began, and the server stopped before it could say how it ended.
  Succeeded: record.outcome === undefined ? null : record.outcome === 'ok',
  Error: record.outcome === undefined || record.outcome === 'ok' ? '' : (record.error ?? record.outcome),
  ClientIP: record.remoteAddress ?? '',
  ClientInfoString: record.client ?? '',
})

/** `*` and the end of a name: `contoso.com/Users/mary` is not asked for here, `mary*` is. */
const some = (patterns: readonly string[] | undefined, ...texts: string[]) =>
  patterns === undefined || texts.some((text) => patterns.some((pattern) => matches(text, pattern)))

export const searchAuditLog = (log: AuditLog): Cmdlet =>
  cmdlet('Search-AdminAuditLog', {
    summary: 'Finds what administrators did and tried: who, what, on which object, from where, and how it ended; newest first.',
    roles: ['Audit Logs', 'View-Only Audit Logs'],
    parameters: {
      Cmdlets: take.optional(take.list(take.string()), { summary: 'Names of cmdlets; * stands for any text.' }),
      Parameters: take.optional(take.list(take.string()), { summary: 'With one of these parameters; needs -Cmdlets.' }),
      UserIds: take.optional(take.list(take.string()), { summary: 'Addresses of those who ran them.' }),
      ObjectIds: take.optional(take.list(take.string()), { summary: 'What was changed.' }),
      StartDate: take.optional(take.instant()),
      EndDate: take.optional(take.instant()),
      IsSuccess: take.optional(take.boolean()),
      ResultSize: take.optional(take.count(), { fallback: usual, summary: 'At most 250000.' }),
      StartIndex: take.optional(take.number(), { fallback: 0, summary: 'How many to leave out at the beginning.' }),
    },
    returns: 'AdminAuditLogEvent',
    examples: [
      {
        command: 'Search-AdminAuditLog -Cmdlets New-ManagementRoleAssignment,Add-RoleGroupMember -StartDate (Get-Date).AddDays(-7)',
        says: 'Shows who was given rights since then.',
      },
    ],
    async *run({ ResultSize = usual, StartIndex = 0, StartDate, EndDate, ...wanted }, context) {
      const { organisation, clock, signal } = context
      if (ResultSize > most && ResultSize !== Number.POSITIVE_INFINITY)
        throw new Refusal('InvalidParameter', `-ResultSize is at most ${most}.`)
      if (StartIndex < 0) throw new Refusal('InvalidParameter', '-StartIndex is 0 or more.', { parameter: 'StartIndex' })
      if (wanted.Parameters && !wanted.Cmdlets) throw new Refusal('InvalidParameter', '-Parameters is asked for together with -Cmdlets.')
      const end = EndDate ?? clock()
      const start = StartDate ?? 0
      if (start > end) throw new Refusal('InvalidParameter', '-StartDate is later than -EndDate.', { parameter: 'StartDate' })
      // Newest first: how far it is, is how far back.
      const oldest = context.followed ? Math.max(start, await log.oldest(organisation)) : start
      using progress = progressOf(context, 'Search-AdminAuditLog')
      let found = 0
      for await (const record of log.read(organisation, start, end)) {
        signal.throwIfAborted()
        progress.part((end - record.when) / Math.max(1, end - oldest), () => `back to ${new Date(record.when).toISOString().slice(0, 16)}Z`)
        if (!isWanted(record, wanted) || found++ < StartIndex) continue
        yield shown(record)
        if (found - StartIndex >= Math.min(ResultSize, most)) return
      }
    },
  })

/** What a search looks for; each that is absent is any. */
export interface Wanted {
  Cmdlets?: string[]
  Parameters?: string[]
  UserIds?: string[]
  ObjectIds?: string[]
  IsSuccess?: boolean
}

export function isWanted(record: AuditRecord, { Cmdlets, Parameters, UserIds, ObjectIds, IsSuccess }: Wanted): boolean {
  if (IsSuccess !== undefined && (record.outcome === undefined || (record.outcome === 'ok') !== IsSuccess)) return false
  if (!some(Cmdlets, record.cmdlet) || !some(Parameters, ...Object.keys(record.parameters))) return false
  return some(UserIds, record.who) && some(ObjectIds, record.objectModified ?? '')
}
