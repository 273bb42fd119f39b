import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import type { HttpReply } from '#access'
import { quickEngines } from '../support/engines.ts'
import { connectSites, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { askFreeBusy } from './ask.ts'
import { faults, page, type Broken, type Fault } from './faults.ts'
import { askBy, endsOf, serviceAccounts } from './routes.ts'
import { startStranger } from './stranger.ts'

for (const engine of quickEngines) {
  test(`${engine.name}: each fault shows its cause in the traces and its code to the client; mended, the lookup works again`, async (t) => {
    const instead: Broken['instead'] = new Map<`${'onPremises' | 'online' | 'auth'} ${string}`, HttpReply>()
    await using sites = await startHybridSites({
      engine,
      people: { onPremises: [serviceAccounts.onPremises], online: [serviceAccounts.online] },
      allow: ['pages.online.example'],
      around: (place, route) => ({
        ...route,
        handle: async (request) => instead.get(`${place} ${route.protocol}`) ?? route.handle(request),
      }),
    })
    await using pages = await startStranger(sites, 'pages.online.example')
    pages.answer = () => ({ headers: { 'content-type': 'text/html' }, body: String(page.body) })
    await connectSites(sites)
    const broken: Broken = { sites, instead, deadPort: await deadPort() }
    for (const fault of faults) await t.test(`${fault.by} ${fault.direction}: ${fault.setting}`, () => showsItself(broken, fault))
  })
}

async function showsItself(broken: Broken, { by, direction, breaks, code, cause, asks = by }: Fault): Promise<void> {
  const { sites } = broken
  const ask = () => askFreeBusy(sites, endsOf(sites, direction).asker.alias, endsOf(sites, direction).target.address)
  const works = async (when: string) => {
    const { generation, code: seen, causes } = await ask()
    assert.deepEqual([generation, seen], [by, 'NoError'], `${when}: ${causes.join('; ')}`)
  }
  await askBy(sites, direction, by)
  await works('before')
  const mend = await breaks(broken)
  forget(sites)
  const answer = await ask()
  assert.deepEqual([answer.generation, answer.code], [asks, code], answer.causes.join('\n'))
  assert.match(answer.code === 'NoError' ? '' : answer.causes.join('\n'), cause)
  if (asks !== by) {
    const rows = answer.trace.branches.flatMap((branch) => branch.rows)
    assert.ok(rows.some(({ verdict, why }) => verdict === 'passed over' && why === 'it is disabled'))
  }
  await mend()
  await works('mended')
}

function forget({ onPremises, online }: HybridSites): void {
  onPremises.hybrid.forget()
  online.hybrid.forget()
}

/** A port that nobody listens on any more. */
async function deadPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 1
}
