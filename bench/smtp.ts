import { spawnSync } from 'node:child_process'
import { until } from '../test/clients/until.ts'
import { textsOf } from '../test/clients/raw-ews.ts'
import type { BenchSite } from './bench-site.ts'
import { generateLoad } from './generate-load.ts'
import { groupCommitLimit } from './group-commit.ts'
import { startPostfix } from './postfix.ts'
import { perSecond, rate, type Row } from './table.ts'

const size = 10 * 1024
const connections = 20
const seconds = 8

/** Messages accepted and delivered a second, durable, beside what the disk allows and beside Postfix with Dovecot. */
export async function benchSmtp(bench: BenchSite): Promise<Row[]> {
  const { site, ews, folder } = bench
  const total = async (): Promise<number> => {
    const answer = await ews.call(
      '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>',
    )
    return Number(textsOf(answer, 't:TotalCount')[0])
  }
  const before = await total()
  const began = performance.now()
  const result = await generateLoad({ kind: 'smtp', port: site.ports.smtp ?? 0, to: 'mary@contoso.com', size, connections, seconds })
  await until('everything is delivered', async () => (await total()) - before >= result.count, 60)
  const delivered = result.count / ((performance.now() - began) / 1000)
  const accepted = perSecond(result)
  const single = await groupCommitLimit(folder, size, 1, 2)
  const limit = await groupCommitLimit(folder, size, connections, 2)
  const rows: Row[] = [
    {
      what: `SMTP accepted, 10 KiB, ${connections} connections`,
      measured: rate(accepted),
      baseline: `${rate(limit)} group commit`,
      ratio: accepted / limit,
      note: `p99 ${result.p99.toFixed(0)} ms; one message a flush would be ${rate(single)}`,
    },
    { what: 'SMTP accepted and delivered', measured: rate(delivered), baseline: `${rate(limit)} group commit`, ratio: delivered / limit },
  ]
  const missing = ['postconf', 'doveconf'].filter((program) => spawnSync('which', [program]).status !== 0)
  if (missing.length) {
    const note = `not measured: ${missing.join(' and ')} missing (apt-get install postfix dovecot-core dovecot-lmtpd)`
    return [...rows, { what: 'SMTP beside Postfix + Dovecot', measured: rate(delivered), baseline: '–', note }]
  }
  const postfix = await startPostfix()
  try {
    const began = performance.now()
    const other = await generateLoad({ kind: 'smtp', port: postfix.port, to: 'mary@contoso.test', size, connections, seconds })
    await until('Dovecot has everything', async () => (await postfix.delivered()) >= other.count, 180)
    const theirs = other.count / ((performance.now() - began) / 1000)
    const note = `Postfix accepts ${rate(perSecond(other))}`
    return [
      ...rows,
      { what: 'SMTP beside Postfix + Dovecot', measured: rate(delivered), baseline: rate(theirs), ratio: delivered / theirs, note },
    ]
  } finally {
    await postfix.stop()
  }
}
