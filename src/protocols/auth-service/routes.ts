import { z } from 'zod'
import type { HttpReply, HttpRequest, HttpRoute } from '#access'
import { parsedJson, Refusal, type Instant } from '#model'
import {
  certificateOf,
  isSameRealm,
  issuerApplication,
  principalText,
  thumbprintOf,
  TokenRefusal,
  writeServerMetadata,
  type FederationGateway,
  type SoapAnswer,
  type KeyPair,
  type ServicePrincipals,
  type TokenEndpoint,
} from '#trust'

/** What the auth service is made of. */
export interface AuthServiceDeps {
  tokens: TokenEndpoint
  principals: ServicePrincipals
  gateway: FederationGateway
  /** Keys whose signatures are to be taken: current, previous and next. */
  keys: () => Promise<KeyPair[]>
  /** `https://login.example` */
  base: () => string
  clock: () => Instant
  newId: () => string
}

const change = z.strictObject({
  name: z.string().max(64).optional(),
  addCertificates: z.array(z.string().max(20_000)).max(20).optional(),
  removeCertificates: z.array(z.string().max(100)).max(50).optional(),
  addResources: z.array(z.string().max(300)).max(50).optional(),
  removeResources: z.array(z.string().max(300)).max(50).optional(),
})

type Answer = (deps: AuthServiceDeps, request: HttpRequest, match: string[]) => Promise<HttpReply>

/** One row a resource: method, path, what answers it. The first group is a tenant's GUID or domain, in the case it was written in. */
const resources: { method: string; path: RegExp; operation: string; answer: Answer }[] = [
  { method: 'GET', path: /^\/([^/]+)\/metadata\/json\/1$/i, operation: 'Metadata', answer: metadata },
  { method: 'POST', path: /^\/([^/]+)\/tokens\/oauth\/2$/i, operation: 'ServerToken', answer: token },
  { method: 'POST', path: /^\/([^/]+)\/principals\/([^/]+)$/i, operation: 'ChangePrincipal', answer: changePrincipal },
  {
    method: 'GET',
    path: /^\/federationmetadata\/2006-12\/federationmetadata\.xml$/i,
    operation: 'FederationMetadata',
    answer: async ({ gateway }) => xml({ status: 200, body: await gateway.metadata() }, 'application/samlmetadata+xml; charset=utf-8'),
  },
  {
    method: 'POST',
    path: /^\/extsts\.srf$/i,
    operation: 'DelegationToken',
    answer: async ({ gateway }, { body }) => xml(await gateway.answerTokenRequest(body), 'application/soap+xml; charset=utf-8'),
  },
  {
    method: 'POST',
    path: /^\/service\/managedelegation2\.asmx$/i,
    operation: 'ManageDelegation',
    answer: async ({ gateway }, { body }) => xml(await gateway.answerDelegation(body)),
  },
]

/** Where the federation gateway's services are, on the host of the auth service. */
export const federationAddresses = (base: string): { sts: string; delegation: string; metadata: string } => ({
  sts: `${base}/extSTS.srf`,
  delegation: `${base}/service/managedelegation2.asmx`,
  metadata: `${base}/FederationMetadata/2006-12/FederationMetadata.xml`,
})

function xml({ status, body }: SoapAnswer, type = 'text/xml; charset=utf-8'): HttpReply {
  return { status, headers: { 'content-type': type, 'cache-control': 'no-store' }, body }
}

/**
 * The auth service over HTTP: server-to-server tokens, who may ask for them and for which resources, and the metadata that others trust
 * it by (source R4(c); [MS-XOAUTH] 3.2).
 */
export function authServiceRoutes(deps: AuthServiceDeps): HttpRoute[] {
  const handle = async (request: HttpRequest): Promise<HttpReply> => {
    const asked = pathOf(request)
    for (const { method, path, operation, answer } of resources) {
      const match = path.exec(asked)
      if (!match || method !== request.method) continue
      request.log.operation = operation
      return answered(request, () => answer(deps, request, match.slice(1)))
    }
    return json(404, { error: 'not_found', error_description: 'There is nothing here.' })
  }
  return [{ methods: ['GET', 'POST'], path: '/*', protocol: 'auth-service', auth: 'none', maxBody: 256 * 1024, handle }]
}

/** The path decoded, in the case it was written in: a realm stands in issuers and endpoints as its organisation writes it. */
function pathOf({ url, path }: HttpRequest): string {
  try {
    return decodeURIComponent(url.pathname)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}

async function answered(request: HttpRequest, work: () => Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TokenRefusal) {
      request.log.outcome = error.error
      return json(error.error === 'invalid_client' ? 401 : 400, { error: error.error, error_description: error.message })
    }
    if (!(error instanceof Refusal)) throw error
    request.log.outcome = error.code
    return json(error.kind === 'denied' ? 403 : 400, { error: 'invalid_request', error_description: error.message })
  }
}

async function metadata({ keys, base, newId }: AuthServiceDeps, _request: HttpRequest, [realm = '*']: string[]): Promise<HttpReply> {
  const at = `${base()}/${realm}`
  const document = writeServerMetadata(
    {
      name: 'Isthmus auth service',
      issuer: principalText({ application: issuerApplication, realm: realm === 'common' ? '*' : realm }),
      realm: realm === 'common' ? '*' : realm,
      serviceName: issuerApplication,
      certificates: (await keys()).map(({ certificate }) => certificate),
      tokenEndpoint: `${at}/tokens/OAuth/2`,
      metadataEndpoint: `${at}/metadata/json/1`,
    },
    `_${newId()}`,
  )
  return { status: 200, headers: jsonHeaders, body: document }
}

async function token({ tokens }: AuthServiceDeps, request: HttpRequest, [realm = '']: string[]): Promise<HttpReply> {
  const form = new URLSearchParams(request.body.toString('utf8'))
  // The path names the realm when the form does not (source R4(c) step 4.1).
  if (!form.get('realm')) form.set('realm', realm)
  const { status, body } = await tokens.answer(form)
  request.log.outcome = body.error ?? 'ok'
  return json(status, body)
}

/**
 * Changes what the service knows of an application in a realm: its certificates and the resources that tokens may be asked for. Only the
 * online service may, for its tenants, and an application for itself in its own realm, each by a token that it signed.
 */
async function changePrincipal(deps: AuthServiceDeps, request: HttpRequest, [realm = '', id = '']: string[]): Promise<HttpReply> {
  const application = id.toLowerCase()
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
  request.log.principal = principalText({ application, realm }).slice(0, 300)
  const signer = await deps.tokens.authenticate(bearer)
  request.log.caller = principalText(signer)
  const own = signer.application === application && isSameRealm(signer.realm, realm)
  if (signer.realm !== '*' && !own) {
    throw new Refusal('AccessDenied', `${principalText(signer)} may not change what belongs to the realm ${realm}.`)
  }
  const parsed = change.safeParse(parsedJson(request.body.toString('utf8')))
  if (!parsed.success) throw new Refusal('InvalidArgument', `The change cannot be read: ${parsed.error.issues[0]?.message ?? ''}`)
  const given = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined))
  const nothing = { application, realm, name: '', certificates: [], hosts: [] }
  const looking = Object.keys(given).length === 0
  request.log.changes = Object.keys(given).join(' ')
  const found = looking
    ? ((await deps.principals.find(application, realm)) ?? nothing)
    : await deps.principals.change(application, realm, given)
  const { certificates, ...principal } = found
  return json(200, { ...principal, thumbprints: certificates.map((one) => thumbprintOf(certificateOf(one))) })
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }

function json(status: number, value: object): HttpReply {
  return { status, headers: jsonHeaders, body: JSON.stringify(value) }
}
