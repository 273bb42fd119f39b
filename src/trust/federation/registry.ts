import { X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import { Refusal } from '#model'
import type { ObjectRow, ReadTx, Store, WriteTx } from '#store'
import { subjectKeyIdentifierOf, thumbprintOf, validityOf } from '../keys/key-pair.ts'
import { authorityOrganisation } from '../server-to-server/principals.ts'
import { accountNamespaceDomain, isDomainProven } from './domain-proof.ts'
import type { Random } from './encrypt.ts'
import { uriKey } from './strict.ts'

/** An organisation that the auth service knows. */
export interface FederatedApplication {
  appId: string
  /** Application URIs as they were registered. */
  uris: string[]
  /** Domains reserved, lower case. */
  domains: string[]
  /** Encrypts its tokens, and signs. */
  certificate: X509Certificate
  /** Still signs for requests under way. */
  previous: X509Certificate | undefined
  created: Instant
  changed: Instant
}

/** What the delegation service says about a domain. */
export interface DomainInfo {
  domainName: string
  /** Only of an own domain. */
  appId: string | undefined
  state: 'Active' | 'ReservedByAnother' | 'Available'
}

/** The registry of the auth service: which certificate, URIs and domains belong to which organisation. */
export interface FederationRegistry {
  /**
   * Registers an organisation by its certificate and first ApplicationUri, and names it; the same again gives the same name, to
   * go on where registering was cut short. Who calls has proved the certificate. A certificate that is no RSA key of 2048
   * bits, has no Subject Key Identifier or is not valid now → InvalidConfiguration; a URI that belongs to another → NameTaken
   * (but an account namespace goes to whoever proves its domain);
   * one that is neither an account namespace nor of a proven domain → AccessDenied.
   */
  createAppId(certificate: X509Certificate, uri: string): Promise<string>
  /** From now on the new certificate is the organisation's; the one before still signs. The same again changes nothing. */
  updateAppIdCertificate(appId: string, certificate: X509Certificate): Promise<void>
  /**
   * Makes a domain the organisation's, once its TXT record proves it with the organisation's certificate; an account namespace
   * needs none. No proof → AccessDenied; the domain of another → NameTaken. Its own again changes nothing.
   */
  reserveDomain(appId: string, domain: string): Promise<void>
  /** Not its own → ObjectNotFound. */
  releaseDomain(appId: string, domain: string): Promise<void>
  addUri(appId: string, uri: string): Promise<void>
  /** The last one → InvalidConfiguration. */
  removeUri(appId: string, uri: string): Promise<void>
  getDomainInfo(appId: string, domain: string): Promise<DomainInfo>
  /** By AppId, or undefined. */
  application(appId: string): Promise<FederatedApplication | undefined>
  /** By one of its URIs, however written, or undefined. */
  byUri(uri: string): Promise<FederatedApplication | undefined>
}

const organisation = authorityOrganisation
const kind = 'FederatedApplication'
const mostNames = 1000

interface Data {
  uris: string[]
  domains: string[]
  certificate: string
  previous?: string
  created: Instant
  changed: Instant
}

const uriName = (uri: string) => `application-uri:${uriKey(uri)}`
const domainName = (domain: string) => `federated-domain:${domain}`

export interface RegistryOptions {
  store: Store
  clock: () => Instant
  random: Random
  /** The TXT records of a domain, the strings of each joined; empty where there are none. A lookup that fails throws ServerBusy. */
  txt: (domain: string) => Promise<string[]>
}

/** The registry over the store; see `FederationRegistry` for what it refuses. */
export function createFederationRegistry({ store, clock, random, txt }: RegistryOptions): FederationRegistry {
  const read = async (tx: ReadTx, appId: string): Promise<FederatedApplication> => {
    const row = await tx.objects.get(organisation, kind, appId.toLowerCase())
    if (!row) throw new Refusal('ObjectNotFound', `There is no application ${appId}.`, { appId })
    return applicationOf(row)
  }
  const change = (
    appId: string,
    edit: (application: FederatedApplication) => FederatedApplication,
    before: (tx: WriteTx) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> =>
    store.write(async (tx) => {
      await before(tx)
      await save(tx, { ...edit(await read(tx, appId)), changed: clock() })
    })
  const isProven = async (domain: string, certificates: X509Certificate[]) => isDomainProven(await txt(domain), domain, certificates)

  /** Whether an account namespace that another has taken is to be taken back: the domain proves it. */
  async function isDisputed(key: string, name: string, certificates: X509Certificate[]): Promise<boolean> {
    const domain = accountNamespaceDomain(uriKey(name))
    if (domain === undefined || !(await store.read((tx) => tx.objects.byKey(organisation, key)))) return false
    return isProven(domain, certificates)
  }

  /** A URI may be taken by whoever owns its host; an account namespace by anyone, until somebody proves its domain. */
  async function expectOwnUri(uri: string, domains: string[], certificates: X509Certificate[]): Promise<void> {
    const host = uriKey(uri).split('/')[0]?.replace(/:\d+$/, '') ?? ''
    expectDomain(host)
    if (accountNamespaceDomain(host) !== undefined || domains.includes(host)) return
    if (!(await isProven(host, certificates))) throw noProof(host)
  }

  return {
    async createAppId(certificate, uri) {
      expectCertificate(certificate, clock())
      const known = () => store.read((tx) => registered(tx, certificate, uri))
      const before = await known()
      if (before !== undefined) return before
      await expectOwnUri(uri, [], [certificate])
      const appId = Buffer.from(random(8)).toString('hex').toUpperCase()
      const now = clock()
      const application = { appId, uris: [uri], domains: [], certificate, previous: undefined, created: now, changed: now }
      const disputed = await isDisputed(uriName(uri), uri, [certificate])
      try {
        return await store.write(async (tx) => {
          const meanwhile = await registered(tx, certificate, uri)
          if (meanwhile !== undefined) return meanwhile
          if (disputed) await takeBack(tx, uriName(uri), uri, appId)
          await save(tx, application)
          return appId
        })
      } catch (error) {
        // The same call twice at once: the first one made it.
        const meanwhile = error instanceof Refusal && error.code === 'NameTaken' ? await known() : undefined
        if (meanwhile === undefined) throw error
        return meanwhile
      }
    },
    async updateAppIdCertificate(appId, certificate) {
      expectCertificate(certificate, clock())
      await change(appId, (application) => {
        if (application.certificate.raw.equals(certificate.raw)) return application
        return { ...application, certificate, previous: application.certificate }
      })
    },
    async reserveDomain(appId, name) {
      const domain = name.toLowerCase()
      expectDomain(domain)
      const application = await store.read((tx) => read(tx, appId))
      if (application.domains.includes(domain)) return
      const needsProof = accountNamespaceDomain(domain) === undefined
      if (needsProof && !(await isProven(domain, certificatesOf(application)))) throw noProof(domain)
      const key = domainName(domain)
      const disputed = await isDisputed(key, domain, certificatesOf(application))
      await change(
        appId,
        (now) => ({ ...now, domains: [...new Set([...now.domains, domain])] }),
        (tx) => (disputed ? takeBack(tx, key, domain, appId) : Promise.resolve()),
      )
    },
    async releaseDomain(appId, name) {
      await change(appId, (now) => ({ ...now, domains: without(now.domains, name, (domain) => domain.toLowerCase()) }))
    },
    async addUri(appId, uri) {
      const application = await store.read((tx) => read(tx, appId))
      if (application.uris.some((known) => uriKey(known) === uriKey(uri))) return
      await expectOwnUri(uri, application.domains, certificatesOf(application))
      const disputed = await isDisputed(uriName(uri), uri, certificatesOf(application))
      await change(
        appId,
        (now) => ({ ...now, uris: [...now.uris, uri] }),
        (tx) => (disputed ? takeBack(tx, uriName(uri), uri, appId) : Promise.resolve()),
      )
    },
    async removeUri(appId, uri) {
      await change(appId, (now) => {
        const uris = without(now.uris, uri, uriKey)
        if (uris.length === 0) throw new Refusal('InvalidConfiguration', 'An application keeps at least one URI.', { uri })
        return { ...now, uris }
      })
    },
    getDomainInfo: (appId, name) =>
      store.read(async (tx) => {
        const domain = name.toLowerCase()
        const { appId: own } = await read(tx, appId)
        const owner = await tx.objects.byKey(organisation, domainName(domain))
        if (!owner) return { domainName: domain, appId: undefined, state: 'Available' as const }
        const isOwn = owner.id === own.toLowerCase()
        return { domainName: domain, appId: isOwn ? own : undefined, state: isOwn ? ('Active' as const) : ('ReservedByAnother' as const) }
      }),
    application: async (appId) => {
      const row = await store.read((tx) => tx.objects.get(organisation, kind, appId.toLowerCase()))
      return row && applicationOf(row)
    },
    byUri: async (uri) => {
      const row = await store.read((tx) => tx.objects.byKey(organisation, uriName(uri)))
      return row && applicationOf(row)
    },
  }
}

/** The AppId of the organisation that has the URI, when the certificate is its current one. */
async function registered(tx: ReadTx, certificate: X509Certificate, uri: string): Promise<string | undefined> {
  const row = await tx.objects.byKey(organisation, uriName(uri))
  const holder = row && applicationOf(row)
  return holder?.certificate.raw.equals(certificate.raw) ? holder.appId : undefined
}

/** Takes an account namespace from an organisation that never proved its domain. */
async function takeBack(tx: WriteTx, key: string, name: string, appId: string): Promise<void> {
  const row = await tx.objects.byKey(organisation, key)
  if (!row || row.id === appId.toLowerCase()) return
  const holder = applicationOf(row)
  if (holder.domains.includes(accountNamespaceDomain(uriKey(name)) ?? '')) return
  const uris = holder.uris.filter((uri) => uriName(uri) !== key)
  await save(tx, { ...holder, uris, domains: holder.domains.filter((domain) => domainName(domain) !== key) })
}

/** Current first. */
export function certificatesOf({ certificate, previous }: FederatedApplication): X509Certificate[] {
  return previous ? [certificate, previous] : [certificate]
}

function save(tx: WriteTx, { appId, certificate, previous, ...rest }: FederatedApplication): Promise<ObjectRow> {
  if (rest.uris.length + rest.domains.length > mostNames) {
    throw new Refusal('InvalidConfiguration', `An application has at most ${mostNames} URIs and domains.`, { appId })
  }
  const data: Data = {
    ...rest,
    certificate: certificate.raw.toString('base64'),
    ...(previous ? { previous: previous.raw.toString('base64') } : {}),
  }
  const keys = [...rest.uris.map(uriName), ...rest.domains.map(domainName)]
  return tx.objects.save({ organisation, kind, id: appId.toLowerCase(), name: rest.uris[0] ?? appId, data: { ...data }, keys })
}

function applicationOf({ id, data }: ObjectRow): FederatedApplication {
  const { certificate, previous, ...rest } = data as unknown as Data
  const read = (base64: string) => new X509Certificate(Buffer.from(base64, 'base64'))
  return { appId: id.toUpperCase(), ...rest, certificate: read(certificate), previous: previous === undefined ? undefined : read(previous) }
}

function without(names: string[], name: string, key: (name: string) => string): string[] {
  const rest = names.filter((known) => key(known) !== key(name))
  if (rest.length === names.length) throw new Refusal('ObjectNotFound', `${name} is not registered here.`, { name })
  return rest
}

function expectDomain(domain: string): void {
  const isDomain = domain.length <= 253 && /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(domain)
  if (!isDomain) throw new Refusal('InvalidParameter', `${domain.slice(0, 100)} is no domain name.`, { parameter: 'domainName' })
}

function noProof(domain: string): Refusal {
  return new Refusal('AccessDenied', `No TXT record of ${domain} proves that it belongs to this certificate.`, { domain })
}

/** What a federation certificate has to be (hybrid reference 3.2). */
function expectCertificate(certificate: X509Certificate, now: Instant): void {
  const refuse = (why: string): never => {
    throw new Refusal('InvalidConfiguration', `The certificate ${why}.`, { thumbprint: thumbprintOf(certificate) })
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < 2048) refuse('has no RSA key of at least 2048 bits')
  if (!subjectKeyIdentifierOf(certificate)) refuse('has no Subject Key Identifier')
  const { from, to } = validityOf(certificate)
  if (now < from || now >= to) refuse('is not valid now')
}
