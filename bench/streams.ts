import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { envelope } from '../test/clients/raw-ews.ts'
import type { BenchSite } from './bench-site.ts'
import { generateLoad } from './generate-load.ts'
import type { Row } from './table.ts'

const count = Number(process.env.BENCH_STREAMS ?? 5000)

/** Memory that one idle streaming subscription costs the server, its TLS connection included. */
export async function benchStreams({ site, authorization }: BenchSite): Promise<Row[]> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const used = (): number => {
    collect()
    collect()
    return process.memoryUsage().rss
  }
  const subscribe = envelope(
    '<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds><t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>',
  )
  const listen = envelope(
    '<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>SUBSCRIPTION</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>30</m:ConnectionTimeout></m:GetStreamingEvents>',
  )
  const before = used()
  let each = 0
  await generateLoad(
    { kind: 'hold', port: site.ports.https ?? 0, ca: site.ca, path: '/EWS/Exchange.asmx', authorization, subscribe, listen, count },
    async () => {
      each = (used() - before) / count
    },
  )
  return [
    {
      what: `Memory of an idle streaming subscription, ${count.toLocaleString('en')} of them`,
      measured: `${(each / 1024).toFixed(1)} KiB`,
      baseline: '–',
      note: 'with its TLS connection',
    },
  ]
}
