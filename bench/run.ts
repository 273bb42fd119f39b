/** `npm run bench`: starts a site of its own on this disk, measures, and prints one table. Arguments name the parts wanted. */
import { benchAdministration } from './administration.ts'
import { benchAssistant } from './assistant.ts'
import { startBenchSite, type BenchSite } from './bench-site.ts'
import { benchCalendar } from './calendar.ts'
import { benchEws } from './ews.ts'
import { benchFolderSizes } from './folder-sizes.ts'
import { benchFreeBusy } from './free-busy.ts'
import { benchMixed } from './mixed.ts'
import { benchPurge } from './purge.ts'
import { benchRecipients } from './recipients.ts'
import { benchRecovery } from './recovery.ts'
import { benchSearch } from './search.ts'
import { benchShell } from './shell.ts'
import { benchSmtp } from './smtp.ts'
import { benchStreams } from './streams.ts'
import { benchSyncFromEmpty } from './sync-from-empty.ts'
import { formatTable, type Row } from './table.ts'
import { benchWeb } from './web.ts'

// Memory first, while the process is small; EWS is measured on what SMTP has delivered.
const parts: Record<string, (bench: BenchSite) => Promise<Row[]>> = {
  streams: benchStreams,
  smtp: benchSmtp,
  ews: benchEws,
  mixed: benchMixed,
  folders: benchFolderSizes,
  sync: benchSyncFromEmpty,
  assistant: benchAssistant,
  search: benchSearch,
  calendar: benchCalendar,
  recovery: benchRecovery,
  purge: benchPurge,
  hybrid: benchFreeBusy,
  administration: benchAdministration,
  recipients: benchRecipients,
  shell: benchShell,
  web: benchWeb,
}
const wanted = process.argv.slice(2)
const bench = await startBenchSite()
const rows: Row[] = []
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length && !wanted.includes(name)) continue
    console.error(`measuring ${name} …`)
    rows.push(...(await measure(bench)))
  }
} finally {
  await bench.close()
}
console.log(formatTable(rows))
