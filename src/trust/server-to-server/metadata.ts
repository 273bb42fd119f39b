import type { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '#model'
import { certificateOf, x5tOf } from '../keys/key-pair.ts'

/** What a server says of itself at `…/metadata/json/1`: who it is, its keys, its endpoints. */
export interface ServerMetadata {
  name: string
  /** `application@realm`; realm `*` = any. */
  issuer: string
  realm: string
  serviceName: string
  certificates: X509Certificate[]
  /** Where tokens are issued; absent at a server that issues none. */
  tokenEndpoint?: string
  metadataEndpoint: string
}

/** The document as text. */
export function writeServerMetadata(metadata: ServerMetadata, id: string): string {
  const { name, issuer, realm, serviceName, certificates, tokenEndpoint, metadataEndpoint } = metadata
  const endpoint = (location: string, usage: string) => ({ location, protocol: 'OAuth2', usage })
  return JSON.stringify({
    id,
    version: '1.0',
    name,
    realm,
    serviceName,
    issuer,
    allowedAudiences: [`${serviceName}@${realm}`],
    keys: certificates.map((certificate) => ({
      usage: 'signing',
      keyinfo: { x5t: x5tOf(certificate) },
      keyvalue: { type: 'x509Certificate', value: certificate.raw.toString('base64') },
    })),
    endpoints: [endpoint(metadataEndpoint, 'metadata'), ...(tokenEndpoint ? [endpoint(tokenEndpoint, 'issuance')] : [])],
  })
}

const document = z.object({
  name: z.string().default(''),
  /** Goes into challenges, a list in quotes ([MS-XOAUTH] 4.6). */
  issuer: z.string().regex(/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,300}$/),
  realm: z.string().max(300).default('*'),
  serviceName: z.string().max(300).default(''),
  keys: z
    .array(z.object({ usage: z.string(), keyvalue: z.object({ type: z.string(), value: z.string().max(20_000) }) }))
    .min(1)
    .max(20),
  endpoints: z.array(z.object({ location: z.string().max(2000), usage: z.string() })).max(20),
})

/** Reads such a document. Refuses InvalidConfiguration when it is none, or has no signing key. */
export function readServerMetadata(bytes: string | Uint8Array): ServerMetadata {
  const problem = (why: string) => new Refusal('InvalidConfiguration', `The metadata document cannot be used: ${why}.`)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes as Uint8Array).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw problem('it is not JSON')
    throw error
  }
  const parsed = document.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw problem(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  const { keys, endpoints, ...rest } = parsed.data
  const certificates = keys.filter(({ usage, keyvalue }) => usage === 'signing' && keyvalue.type === 'x509Certificate')
  if (certificates.length === 0) throw problem('it has no signing key')
  const at = (usage: string) => endpoints.find((endpoint) => endpoint.usage === usage)?.location
  const tokenEndpoint = at('issuance')
  try {
    return {
      ...rest,
      certificates: certificates.map(({ keyvalue }) => certificateOf(keyvalue.value)),
      metadataEndpoint: at('metadata') ?? '',
      ...(tokenEndpoint === undefined ? {} : { tokenEndpoint }),
    }
  } catch (error) {
    throw problem(`a certificate in it cannot be read (${(error as Error).message})`)
  }
}
