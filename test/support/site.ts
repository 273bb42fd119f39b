/** A whole site in this process for a test: people, real listeners on ports the system chooses, a client that trusts its CA. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { Recipient } from '#directory'
import type { Caller } from '#model'
import {
  readConfig,
  seedPeople,
  seedPerson,
  startSite,
  type SeedPersonInput,
  type Site,
  type SiteConfigInput,
  type SiteOutside,
} from '#server'
import { answersValid, type AnswersValid } from './answers-valid.ts'
import { engines, type TestEngine } from './engines.ts'
import { recording } from './recording.ts'

export const testPassword = 'Isthmus!2026'
export const testDomain = 'contoso.com'

export interface TestSite extends Site {
  /** `https://127.0.0.1:PORT` */
  url: string
  ewsUrl: string
  password: string
  /** Recipients by alias: mary, rob, ann, administrator, sales, room1, room2, rooms, staff and those of `people`. */
  people: Record<string, Recipient>
  /** The caller that a person is. */
  caller(alias: string): Promise<Caller>
  /** One HTTP request; never throws for a status. */
  call(path: string, options?: CallOptions): Promise<CallAnswer>
  /** Posts the operation inside a SOAP envelope to EWS, as `user` (default mary). */
  ews(operation: string, options?: EwsOptions): Promise<CallAnswer>
}

export interface CallOptions {
  method?: string
  /** Alias or full user name; the password is the test password unless given. Absent = no credentials. */
  user?: string
  password?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Over the plain HTTP listener. */
  plain?: boolean
}
export interface CallAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
  bytes: Buffer
}
export interface EwsOptions extends Pick<CallOptions, 'user' | 'password'> {
  version?: string
  /** Further SOAP headers, as XML. */
  soapHeaders?: string
}

/** Small and quick: the cost of argon2id is not what tests are about. */
const quickPasswords = { memory: 64, passes: 1 }

// prettier-ignore
const usual: SeedPersonInput[] = [
  { address: `mary@${testDomain}`, displayName: 'Mary Jensen', title: 'Head of Projects', department: 'Projects', manager: `administrator@${testDomain}`, phones: { BusinessPhone: '+49 30 555 0101' } },
  { address: `rob@${testDomain}`, displayName: 'Rob Young', title: 'Software Engineer', manager: `mary@${testDomain}` },
  { address: `ann@${testDomain}`, displayName: 'Ann Beebe' },
  { address: `administrator@${testDomain}`, displayName: 'Administrator', rights: { roles: ['ApplicationImpersonation'] } },
  { address: `sales@${testDomain}`, displayName: 'Contoso Sales', kind: 'shared', rights: { fullAccess: [`mary@${testDomain}`, `rob@${testDomain}`], sendAs: [`mary@${testDomain}`, `rob@${testDomain}`], sendOnBehalf: [`mary@${testDomain}`, `rob@${testDomain}`] } },
  { address: `room1@${testDomain}`, displayName: 'Room 1', kind: 'room', capacity: 12 },
  { address: `room2@${testDomain}`, displayName: 'Room 2', kind: 'room', capacity: 4 },
  { address: `rooms@${testDomain}`, displayName: 'Rooms in Building 1', kind: 'roomList', groupMembers: [`room1@${testDomain}`, `room2@${testDomain}`] },
  { address: `staff@${testDomain}`, displayName: 'All Staff', kind: 'group', groupMembers: ['mary', 'rob', 'ann', 'administrator'].map((alias) => `${alias}@${testDomain}`) },
]

/**
 * Starts a site with the usual people (and `people` beside them), with empty mailboxes. `config` overrides the
 * configuration; `outside` the clock, randomness, waiting and DNS. Nothing is waited for after failed sign-ins unless asked.
 * Every EWS answer, to whatever client, must fit the schema: closing the site fails otherwise.
 */
export async function startTestSite({
  engine = engines[0]!,
  people = [],
  config = {},
  outside = {},
}: {
  engine?: TestEngine
  people?: SeedPersonInput[]
  config?: Partial<SiteConfigInput>
  outside?: Partial<SiteOutside>
} = {}): Promise<TestSite> {
  // The embedded store lives in memory unless `config.data` names a folder: it starts in half the time.
  const { path, databaseUrl, databaseSchema } = engine.name === 'sqlite' ? {} : await engine.options()
  const result = readConfig({
    organisation: { name: 'Contoso', domain: testDomain },
    ...(path ? { data: path } : {}),
    ...(databaseUrl ? { database: databaseUrl } : {}),
    ...(databaseSchema ? { databaseSchema } : {}),
    listeners: { https: { port: 0 }, smtp: { port: 0 }, submission: { port: 0 } },
    passwordCost: quickPasswords,
    log: { level: 'silent' },
    ...config,
  })
  if ('problems' in result) throw new Error(`the test's configuration: ${JSON.stringify(result.problems)}`)
  const seed = [...usual, ...people].map((person) => seedPerson.parse(person))
  const answers = answersValid()
  const site = await startSite(result.config, {
    outside: {
      wait: async () => {},
      resolver: { mx: async () => [], addresses: async () => [] },
      around: (route) => recording(answers.around(route)),
      ...outside,
    },
    prepare: async (rooms) => {
      if (rooms.isNew) await seedPeople(rooms, rooms.organisation.id, seed, testPassword)
    },
  })
  return withClient(
    site,
    seed.map(({ address }) => address),
    answers,
  )
}

async function withClient(site: Site, addresses: string[], answers: AnswersValid): Promise<TestSite> {
  const people: Record<string, Recipient> = {}
  for (const address of addresses) {
    const recipient = await site.directory.find(address, site.organisation.id)
    if (recipient) people[recipient.alias] = recipient
  }
  const agent = new Agent({ keepAlive: true, ca: site.ca })
  const call = (path: string, options: CallOptions = {}) => send(site, agent, path, options)
  const close = async () => {
    agent.destroy()
    await site.close()
    answers.settle()
  }
  return {
    ...site,
    url: site.endpoints.base,
    ewsUrl: site.endpoints.ews,
    password: testPassword,
    people,
    call,
    close,
    [Symbol.asyncDispose]: close,
    async caller(alias) {
      const recipient = people[alias]
      if (!recipient) throw new Error(`nobody is called ${alias}`)
      return site.directory.callerFor(recipient)
    },
    ews: (operation, { user = 'mary', version = 'Exchange2016', soapHeaders = '', ...more } = {}) =>
      call('/EWS/Exchange.asmx', {
        method: 'POST',
        user,
        ...more,
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        body:
          '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"' +
          ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">' +
          `<s:Header><t:RequestServerVersion Version="${version}"/>${soapHeaders}</s:Header><s:Body>${operation}</s:Body></s:Envelope>`,
      }),
  }
}

/** One HTTP request to a site, as the full user name; the agent trusts the site's authority. */
export function send(
  site: Pick<Site, 'ports'>,
  agent: Agent,
  path: string,
  { method = 'GET', user, password = testPassword, headers = {}, body, plain }: CallOptions,
) {
  const name = user === undefined || user.includes('@') || user.includes('\\') ? user : `${user}@${testDomain}`
  const authorization = name === undefined ? {} : { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { host: '127.0.0.1', path, method, headers: { ...length, ...authorization, ...headers } }
  return new Promise<CallAnswer>((resolve, reject) => {
    const request = plain
      ? httpRequest({ ...options, port: site.ports.http })
      : httpsRequest({ ...options, port: site.ports.https, agent, servername: 'localhost' })
    request.on('error', reject)
    request.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(parts)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString('utf8'), bytes })
      })
    })
    request.end(body)
  })
}
