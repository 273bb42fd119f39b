/**
 * Kills a site (SIGKILL) at random moments while it pushes. Every item whose making was acknowledged must be told of at least once, and nothing
 * that was never made. KILLS and SOAK_SEED set how often and with which dice.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { serverCertificate } from '#trust'
import { connectRaw, idsOf, succeeded, type RawEws } from '../clients/raw-ews.ts'
import { until } from '../clients/until.ts'
import { dice, type Dice } from '../fuzz/mutate.ts'
import { freePortRun } from '../peers/programs.ts'

const kills = Number(process.env.KILLS ?? 20)
const seed = Number(process.env.SOAK_SEED ?? Date.now() % 2 ** 31)
const password = 'Soak!2026'
const host = 'listener.fabrikam.com'
const said = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SendNotificationResult xmlns="http://schemas.microsoft.com/exchange/services/2006/messages"><SubscriptionStatus>OK</SubscriptionStatus></SendNotificationResult></s:Body></s:Envelope>' // prettier-ignore
const make = (subject: string) =>
  `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId><t:DistinguishedFolderId Id="inbox"/></m:SavedItemFolderId><m:Items><t:Message><t:Subject>${subject}</t:Subject></t:Message></m:Items></m:CreateItem>`
const subscribe = `<m:Subscribe><m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:StatusFrequency>60</t:StatusFrequency><t:URL>https://${host}/</t:URL></m:PushSubscriptionRequest></m:Subscribe>`

/** Ids of the items that the listener was told of, and how often. Every twentieth connection it breaks instead of answering. */
async function startListener(random: Dice) {
  const { cert, key, ca } = await serverCertificate({ organisation: 'Fabrikam', names: [host], clock: Date.now })
  const told = new Map<string, number>()
  const server = createServer({ cert, key }, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('error', () => undefined)
    request.on('end', () => {
      for (const [, id = ''] of body.matchAll(/<t:CreatedEvent>.*?<t:ItemId Id="([^"]+)"/gs)) told.set(id, (told.get(id) ?? 0) + 1)
      if (random.below(20) === 0) request.socket.destroy()
      else response.end(said)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { told, ca, port: (server.address() as AddressInfo).port, close: () => void (server.closeAllConnections(), server.close()) }
}

async function startProcess(site: object) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'pushed-site.ts')], {
    env: { ...process.env, SITE: JSON.stringify(site) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone])) as [string]
  assert.equal(typeof line, 'string', 'the site ended before it was ready')
  const { ca, url } = JSON.parse(line) as { ca: string; url: string }
  const kill = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return { ews: connectRaw({ url, ca, user: 'mary@contoso.com', password }), kill, isKilled: () => child.killed }
}

test(`${kills} kills lose no push notification and invent none`, { timeout: 900_000 }, async (context) => {
  context.diagnostic(`SOAK_SEED=${seed}`)
  const random = dice(seed)
  const data = await mkdtemp(join(tmpdir(), 'isthmus-push-'))
  const [listener, port] = [await startListener(random), await freePortRun(1)]
  const site = { data, port, password, listener: { host, port: listener.port, ca: listener.ca } }
  const made: string[] = []
  let next = 0
  const load = async (ews: RawEws): Promise<void> => {
    for (;;) made.push(idsOf(succeeded(await ews.call(make(`pushed-${next++}`))))[0] ?? '')
  }
  let running: Awaited<ReturnType<typeof startProcess>> | undefined
  const start = async () => (running = await startProcess(site))
  try {
    for (let kill = 0; kill < kills; kill++) {
      const running = await start()
      if (kill === 0) succeeded(await running.ews.call(subscribe))
      const loads = [load(running.ews), load(running.ews)].map((each) =>
        each.catch((error: unknown) => {
          if (!running.isKilled()) throw error
        }),
      )
      await Promise.race([pause(100 + random.below(900)), ...loads])
      await running.kill()
      running.ews.close()
      await Promise.all(loads)
    }
    const last = await start()
    made.push(idsOf(succeeded(await last.ews.call(make('the last'))))[0] ?? '')
    // A lease of one that was killed, and a few connections that broke one after the other, each wait longer than the one before.
    await until('everything made is told of', async () => made.every((id) => listener.told.has(id)) || undefined, 400)
    const there = new Set<string>()
    for (let offset = 0; ; offset += 500) {
      const page = succeeded(
        await last.ews.call(
          `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:IndexedPageItemView MaxEntriesReturned="500" Offset="${offset}" BasePoint="Beginning"/><m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds></m:FindItem>`,
        ),
      )
      for (const id of idsOf(page)) there.add(id)
      if (/IncludesLastItemInRange="true"/.test(page)) break
    }
    const invented = [...listener.told.keys()].filter((id) => !there.has(id))
    assert.deepEqual(invented, [], 'told of what was never made')
    const again = [...listener.told.values()].filter((count) => count > 1).length
    context.diagnostic(`${made.length} made, ${listener.told.size} told, ${again} more than once, ${kills} kills`)
  } finally {
    running?.ews.close()
    await running?.kill()
    listener.close()
    await rm(data, { recursive: true, force: true })
  }
})
