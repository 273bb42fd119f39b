import { createHash } from 'node:crypto'
import { systemCaller } from '#model'
import { recipientTypes } from '#directory'
import type { BenchSite } from './bench-site.ts'
import { perSecond, rate, type Row } from './table.ts'

/** How many recipients: BENCH_RECIPIENTS, or 100,000. */
const count = Number(process.env.BENCH_RECIPIENTS ?? 100_000)
const departments = [
  'Sales',
  'Development',
  'Purchasing',
  'Support',
  'Human Resources',
  'Finance',
  'Legal',
  'Research',
  'Logistics',
  'Board',
]
const types = recipientTypes.map(({ details }) => details)
const pageSize = 100

/**
 * The first page of `Get-Recipient -Filter` among many recipients against the bare SQL of the same question on the same file; and all of them
 * through the cmdlet, in how much memory.
 */
export async function benchRecipients({ site, folder }: BenchSite): Promise<Row[]> {
  const organisation = site.organisation.id
  const filled = await fill({ site, organisation })
  const bare = await bareSql(folder)
  const rows: Row[] = []
  const questions: [string, string, string][] = [
    ["Department -eq 'Sales'", `json_extract("facets", '$.Department') = 'sales'`, 'name'],
    ["Alias -like 'person00012*'", `json_extract("facets", '$.alias') like 'person00012%'`, 'name'],
    ["RecipientTypeDetails -eq 'UserMailbox' -and City -like '*burg' -and Department -ne 'Legal'", `json_extract("facets", '$.RecipientTypeDetails') = 'usermailbox' and json_extract("facets", '$.City') like '%burg' and coalesce(json_extract("facets", '$.Department'), '') <> 'legal'`, 'name'],
  ] // prettier-ignore
  for (const [filter, condition, order] of questions) {
    const statement = bare.prepare(
      `select "objects"."data" from (select "kind", "id", coalesce(json_extract("facets", '$.${order}'), '') as "key" from "objectFacets"
        where "organisation" = ? and "kind" = 'UserMailbox' and ${condition} order by "key", "id" limit ${pageSize}) as "found"
        join "objects" on "objects"."organisation" = ? and "objects"."kind" = "found"."kind" and "objects"."id" = "found"."id" order by "key"`,
    )
    const plainly = async () => statement.all(organisation, organisation).map((row) => JSON.parse(String(row.data)) as unknown)
    const asked = async () => {
      const read = await site.directory.readFilter(organisation, filter)
      return site.directory.search({ organisation, types, filter: read, limit: pageSize })
    }
    const [measured, baseline] = await sideBySide(asked, plainly)
    rows.push({
      what: `Get-Recipient -Filter "${filter}", first ${pageSize} of ${count.toLocaleString('en')}`,
      measured: `${measured.toFixed(2)} ms`,
      baseline: `bare SQL ${baseline.toFixed(2)} ms`,
      ratio: measured / baseline,
      note: `filled at ${rate(filled)}`,
    })
  }
  bare.close()
  rows.push(await everybody({ site, organisation }))
  return rows
}

/** Milliseconds of one call of each, the middle of many; they take turns, so that whatever else the machine does slows down both. */
async function sideBySide(...calls: (() => Promise<unknown>)[]): Promise<[number, number]> {
  const times: number[][] = calls.map(() => [])
  const began = performance.now()
  for (let round = 0; round < 15 || (performance.now() - began < 4000 && round < 2000); round++) {
    for (const [index, call] of calls.entries()) {
      const start = performance.now()
      await call()
      times[index]!.push(performance.now() - start)
    }
  }
  const [first = 0, second = 0] = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!)
  return [first, second]
}

async function fill({ site, organisation }: { site: BenchSite['site']; organisation: string }): Promise<number> {
  const began = performance.now()
  for (let done = 0; done < count; done += 500) {
    await Promise.all(
      Array.from({ length: Math.min(500, count - done) }, (_, index) => {
        const number = done + index
        const name = createHash('sha256').update(String(number)).digest('hex').slice(0, 8)
        return site.directory.create(organisation, {
          kind: 'UserMailbox',
          alias: `person${String(number).padStart(7, '0')}`,
          displayName: `${name} Person`,
          department: departments[number % departments.length]!,
          city: number % 7 ? 'Berlin' : 'Hamburg',
          sid: `S-1-5-21-1-${number}`,
        })
      }),
    )
  }
  return count / ((performance.now() - began) / 1000)
}

async function bareSql(folder: string) {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(`${folder}/isthmus.db`, { readOnly: true })
  database.exec('pragma cache_size = -16384')
  return database
}

async function everybody({ site, organisation }: { site: BenchSite['site']; organisation: string }): Promise<Row> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  let most = 0
  let shown = 0
  const began = performance.now()
  for await (const _ of site.admin.invoke(systemCaller(organisation), 'Get-Recipient', { ResultSize: 'Unlimited' })) {
    if (++shown % 5000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before)
  }
  return {
    what: `Get-Recipient -ResultSize Unlimited over ${count.toLocaleString('en')}`,
    measured: rate(perSecond({ count: shown, seconds: (performance.now() - began) / 1000 })),
    baseline: '',
    note: `${shown} objects; at most ${Math.round(most / 2 ** 20)} MiB more on the heap`,
  }
}
