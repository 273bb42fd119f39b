import type { Configuration, ConfigurationObject, RandomBytes } from '#directory'
import { newGuid } from '#directory'
import { TimeSpan, type Instant } from '#model'
import type { Store } from '#store'
import type { AdminAudit } from '../registry/audit.ts'
import { matches } from '../registry/matches.ts'

/** One invocation as the log keeps it. */
export interface AuditRecord extends Omit<AdminAudit, 'event' | 'organisation' | 'outcome'> {
  readonly id: string
  readonly when: Instant
  /** `ok`, the code of the refusal or failure; absent = it began, and how it ended was not written any more. */
  readonly outcome?: string
}

export interface AuditLog {
  /**
   * Writes that a cmdlet begins, before it changes anything; `end` completes the entry with what came of it. So a crash between the change
   * and `end` leaves an entry without outcome, and no change is without an entry. Undefined = the settings leave it out.
   */
  begin(entry: AdminAudit): Promise<((entry: AdminAudit) => Promise<void>) | undefined>
  /** Writes an attempt that was refused before it began. Of one caller not more than so many a minute: the rest is in the server's log alone. */
  refused(entry: AdminAudit): Promise<void>
  /** The time before which entries are too old to be shown. */
  oldest(organisation: string): Promise<Instant>
  read: AuditReader
}

/** Entries of a time, newest first. */
export type AuditReader = (organisation: string, start: Instant, end: Instant) => AsyncGenerator<AuditRecord>

export interface AuditLogNeeds {
  store: Store
  configuration: Configuration
  clock: () => Instant
  random: RandomBytes
}

const kind = 'AdminAuditLog'
const pageSize = 200
/** Each entry takes away so many that are past their age: more than it adds, so the log does not grow beyond its age. */
const swept = 2
const refusedPerMinute = 30
const mostCallers = 10_000
/** Is logged whatever the settings say. */
const always = ['Set-AdminAuditLogConfig']

/** Ids run backwards in time, so that the newest entries come first and a time is a range of ids. */
const furthest = 9_000_000_000_000_000
const idAt = (when: Instant) => String(furthest - when).padStart(16, '0')
const timeOf = (id: string) => furthest - Number(id.slice(0, 16))

/** The admin audit log over the store's objects. */
export function createAuditLog({ store, configuration, clock, random }: AuditLogNeeds): AuditLog {
  const attempts = { minute: 0, byCaller: new Map<string, number>() }
  const settingsOf = (organisation: string) => configuration.get(organisation, 'AdminAuditLogConfig')

  /** `ended` = the outcome is known. A new entry takes old ones away. */
  async function write(id: string, entry: AdminAudit, what: { isNew: boolean; ended: boolean; age: number }): Promise<void> {
    const { event: _, organisation, outcome, ...rest } = entry
    const data = { ...rest, ...(what.ended ? { outcome } : {}) }
    await store.write(async (tx) => {
      await tx.objects.save({ organisation, kind, id, name: entry.cmdlet, data, keys: [] })
      const old = what.isNew ? await tx.objects.list(organisation, kind, idAt(clock() - what.age), swept) : []
      for (const each of old) await tx.objects.remove(organisation, kind, each.id)
    })
  }

  const newId = () => `${idAt(clock())}-${newGuid(random)}`

  return {
    async begin(entry) {
      const settings = await settingsOf(entry.organisation)
      if (!isKept(settings, entry)) return undefined
      const id = newId()
      const age = ageOf(settings)
      await write(id, entry, { isNew: true, ended: false, age })
      return (after) => write(id, after, { isNew: false, ended: true, age })
    },
    async refused(entry) {
      const minute = Math.floor(clock() / 60_000)
      if (attempts.minute !== minute || attempts.byCaller.size > mostCallers) {
        attempts.minute = minute
        attempts.byCaller.clear()
      }
      const caller = `${entry.organisation} ${entry.who}`
      const count = (attempts.byCaller.get(caller) ?? 0) + 1
      attempts.byCaller.set(caller, count)
      const settings = await settingsOf(entry.organisation)
      if (count > refusedPerMinute || !settings.AdminAuditLogEnabled) return
      await write(newId(), entry, { isNew: true, ended: true, age: ageOf(settings) })
    },
    oldest: async (organisation) => clock() - ageOf(await settingsOf(organisation)),
    read: createAuditReader({ store, configuration, clock }),
  }
}

/** Reads the log; entries past their age are not there, whether swept or not. */
export function createAuditReader({ store, configuration, clock }: Omit<AuditLogNeeds, 'random'>): AuditReader {
  return async function* (organisation, start, end) {
    const age = ageOf(await configuration.get(organisation, 'AdminAuditLogConfig'))
    const oldest = Math.max(start, clock() - age)
    for (let after = idAt(end); ;) {
      const rows = await store.read((tx) => tx.objects.list(organisation, kind, after, pageSize))
      for (const { id, data } of rows) {
        const when = timeOf(id)
        if (when < oldest) return
        yield { ...(data as unknown as Omit<AuditRecord, 'id' | 'when'>), id, when }
      }
      if (rows.length < pageSize) return
      after = rows.at(-1)!.id
    }
  }
}

const ageOf = ({ AdminAuditLogAgeLimit }: ConfigurationObject<'AdminAuditLogConfig'>): number =>
  TimeSpan.parse(AdminAuditLogAgeLimit)?.ms ?? 90 * 86_400_000

function isKept(settings: ConfigurationObject<'AdminAuditLogConfig'>, { cmdlet, parameters }: AdminAudit): boolean {
  if (always.includes(cmdlet)) return true
  if (!settings.AdminAuditLogEnabled) return false
  if (cmdlet.startsWith('Test-') && !settings.TestCmdletLoggingEnabled) return false
  const names = Object.keys(parameters)
  const some = (patterns: readonly string[], word: string) => patterns.some((pattern) => matches(word, pattern))
  return (
    some(settings.AdminAuditLogCmdlets, cmdlet) &&
    !some(settings.AdminAuditLogExcludedCmdlets, cmdlet) &&
    (settings.AdminAuditLogParameters.includes('*') || names.some((name) => some(settings.AdminAuditLogParameters, name)))
  )
}
