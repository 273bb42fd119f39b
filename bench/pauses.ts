import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import {
  buildTokenRequest,
  certificateOf,
  createReplayCache,
  freeBusyAction,
  keyPairOf,
  openSecuredRequest,
  secureRequest,
  type KeyPair,
} from '#trust'
import { monday, type Premises } from './premises.ts'
import { inMs, timesOf, type Times } from './side-by-side.ts'
import type { Row } from './table.ts'

const most = 5
const rounds = 100
const day = { start: monday, end: monday + 86_400_000 }
const limit = `at most ${most} ms`

/**
 * How long signatures and encryption hold the event loop: every one of generation (b) runs on it, those of generation (c) on other threads.
 * Afterwards the loop itself is watched, while mary asks with nothing in the caches.
 */
export async function benchPauses(premises: Premises): Promise<Row[]> {
  const works = await signedAndSealed(premises)
  const rows = Object.entries(works).map(([what, work]) => {
    const { mean, p50, p99 } = held(work)
    const note = `mean of processor time; by the clock p50 ${inMs(p50)}, p99 ${inMs(p99)}`
    return { what: `Holds the loop: ${what}`, measured: inMs(mean), baseline: limit, ratio: mean / most, note }
  })
  return [...rows, await watched(premises)]
}

/** The clock also counts what else runs on the machine; the processor's own time is too coarse for a single call. */
function held(work: () => unknown): Times & { mean: number } {
  for (let round = 0; round < rounds / 5; round++) work()
  const times: number[] = []
  const before = process.threadCpuUsage()
  for (let round = 0; round < rounds; round++) {
    const began = performance.now()
    work()
    times.push(performance.now() - began)
  }
  const { user, system } = process.threadCpuUsage(before)
  return { ...timesOf(times), mean: (user + system) / 1000 / rounds }
}

/** The work of one lookup with a delegation token, each part as the product does it. */
async function signedAndSealed({ asked: [partner], asking, mary, askBy, seen }: Premises): Promise<Record<string, () => unknown>> {
  await askBy('DAuth')
  await asking.hybrid.freeBusy(mary, partner?.people.slice(0, 1) ?? [], day, { view: 'DetailedMerged' })
  const { request, at = 0 } = seen.get('/ews/exchange.asmx/wssecurity') ?? {}
  if (!partner || !request) throw new Error('nobody was asked with a delegation token')
  const { site, domain } = partner
  const own = await federationOf(asking)
  const theirs = await federationOf(site)
  const newId = () => crypto.randomUUID()
  const token = { token: request.body.toString('utf8').match(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/s)?.[0] ?? '', assertionId: '_1', proofKey: randomBytes(32) } // prettier-ignore
  const url = `https://mail.${domain}/EWS/Exchange.asmx/WSSecurity`
  const clock = () => at
  return {
    'a token is asked for (two signatures, one encryption)': () =>
      buildTokenRequest({
        sts: own.trust.TokenIssuerEpr,
        issuer: own.trust.TokenIssuerUri,
        organisation: { applicationUri: own.trust.ApplicationUri, accountNamespace: own.trust.ApplicationUri, key: own.key },
        target: theirs.trust.ApplicationUri,
        user: { address: 'mary@contoso.example', immutableId: randomBytes(16).toString('base64') },
        action: freeBusyAction,
        stsCertificate: own.issuer,
        ...{ now: at, newId, random: randomBytes },
      }),
    'a request is signed with its token': () =>
      secureRequest({ body: '<a/>', action: 'urn:a', to: url, token, algorithms: 'sha256', now: at, newId }),
    'a request is opened (two decryptions, two signatures)': () =>
      openSecuredRequest(request.body, {
        keys: [theirs.key],
        issuers: [{ uri: theirs.trust.TokenIssuerUri, certificates: [theirs.issuer] }],
        audiences: [theirs.trust.ApplicationUri],
        hosts: [`mail.${domain}`],
        now: at,
        replay: createReplayCache({ clock }),
        random: randomBytes,
      }),
    'a private key is read': () => keyPairOf(theirs.pem),
  }
}

async function federationOf({ configuration, keyRing, organisation: { id } }: Premises['asking']) {
  const trust = await configuration.get(id, 'FederationTrust', 'Gateway')
  const key: KeyPair = await keyRing.pair(id, trust.OrgPrivCertificate)
  const pem = { certificate: key.certificate.toString(), privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
  return { trust, key, pem, issuer: certificateOf(trust.TokenIssuerCertificate) }
}

async function watched({ asked: [partner], asking, mary, askBy, later }: Premises): Promise<Row> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  for (const generation of ['DAuth', 'OAuth'] as const) {
    await askBy(generation)
    delay.enable()
    for (let done = 0; done < 15; done++) {
      later(12)
      await asking.hybrid.freeBusy(mary, partner?.people.slice(0, 1) ?? [], day, { view: 'DetailedMerged' })
    }
    delay.disable()
  }
  // The monitor's own tick is in each of its figures.
  const p99 = Math.max(0, delay.percentile(99) / 1e6 - 1)
  const longest = Math.max(0, delay.max / 1e6 - 1)
  return {
    what: 'Holds the loop: anything, in cold lookups by (b) and (c), both ends here',
    measured: inMs(p99),
    baseline: limit,
    ratio: p99 / most,
    note: `p99; longest ${inMs(longest)}; by the clock`,
  }
}
