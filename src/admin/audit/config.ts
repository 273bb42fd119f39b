import type { ConfigurationChanges, ConfigurationObject } from '#directory'
import { Refusal, TimeSpan } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const longest = 24_855 * 86_400_000

function shown({ WhenCreated, WhenChanged, AdminAuditLogAgeLimit, ...rest }: ConfigurationObject<'AdminAuditLogConfig'>): object {
  const date = (instant: number) => (instant > 0 ? new Date(instant) : null)
  return {
    ...rest,
    AdminAuditLogAgeLimit: TimeSpan.parse(AdminAuditLogAgeLimit),
    LogLevel: 'None',
    WhenCreated: date(WhenCreated),
    WhenChanged: date(WhenChanged),
  }
}

const getConfig = cmdlet('Get-AdminAuditLogConfig', {
  summary: 'Shows what the admin audit log keeps, and for how long.',
  roles: ['Audit Logs', 'View-Only Audit Logs', 'View-Only Configuration'],
  parameters: {},
  returns: 'AdminAuditLogConfig',
  run: async (_, { configuration, organisation }) => shown(await configuration.get(organisation, 'AdminAuditLogConfig')),
})

const patterns = (summary: string) => take.optional(take.nullable(take.listChange(take.string())), { summary })

const setConfig = cmdlet('Set-AdminAuditLogConfig', {
  summary: 'Says what the admin audit log keeps, and for how long. This cmdlet itself is always in it.',
  roles: ['Audit Logs'],
  dangerous: true,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0 }),
    AdminAuditLogEnabled: take.optional(take.boolean()),
    AdminAuditLogCmdlets: patterns('Cmdlets that are kept; * stands for any text.'),
    AdminAuditLogParameters: patterns('Cmdlets are kept when they have one of these parameters.'),
    AdminAuditLogExcludedCmdlets: patterns('Cmdlets that are not kept.'),
    AdminAuditLogAgeLimit: take.optional(take.timeSpan(), { summary: 'Older entries go; 90.00:00:00 at first.' }),
    TestCmdletLoggingEnabled: take.optional(take.boolean(), { summary: 'Test- cmdlets are kept too.' }),
    LogLevel: take.optional(take.oneOf(['None', 'Verbose'])),
  },
  examples: [{ command: 'Set-AdminAuditLogConfig -AdminAuditLogAgeLimit 180.00:00:00', says: 'Keeps entries for half a year.' }],
  async run({ Identity, AdminAuditLogAgeLimit: age, LogLevel, ...given }, { configuration, organisation }) {
    if (LogLevel === 'Verbose')
      throw new Refusal('InvalidParameter', '-LogLevel Verbose (old and new values) is not kept here.', { parameter: 'LogLevel' })
    if (age && (age.ms < 0 || age.ms > longest)) {
      throw new Refusal('InvalidParameter', '-AdminAuditLogAgeLimit must be 0 to 24855 days.', { parameter: 'AdminAuditLogAgeLimit' })
    }
    await configuration.update(organisation, 'AdminAuditLogConfig', Identity, (current) => {
      const changes: ConfigurationChanges<'AdminAuditLogConfig'> = {}
      for (const name of ['AdminAuditLogEnabled', 'TestCmdletLoggingEnabled'] as const)
        if (given[name] !== undefined) changes[name] = given[name]
      for (const name of ['AdminAuditLogCmdlets', 'AdminAuditLogParameters', 'AdminAuditLogExcludedCmdlets'] as const) {
        const change = given[name]
        if (change !== undefined) changes[name] = change === null ? null : take.changedList(current[name], change)
      }
      if (age) changes.AdminAuditLogAgeLimit = inDays(age)
      return changes
    })
  },
})

/** With its days, as the property has it: `90.00:00:00`. */
function inDays(age: TimeSpan): string {
  const text = new TimeSpan(Math.floor(age.ms / 1000) * 1000).toString()
  return text.includes('.') ? text : `0.${text}`
}

export const auditConfig: readonly Cmdlet[] = [getConfig, setConfig]
