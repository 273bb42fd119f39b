import { Refusal, type Base64 } from '#model'
import { childNamed, readXml, textOf, type XmlElement } from '#wire'

/** Bytes of a manifest. */
export const largestManifest = 256 * 1024
const limits = { size: largestManifest, depth: 40, nodes: 10_000 }
const namespaces = /^http:\/\/schemas\.microsoft\.com\/office\/appforoffice\/1\.[0-9]$/
const type = '{http://www.w3.org/2001/XMLSchema-instance}type'
const guid = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i
/** What every manifest says ([MS-OWEMXML] 2.2.22 OfficeApp). */
const needed = ['Version', 'ProviderName', 'DefaultLocale', 'DisplayName', 'Description'] as const

const wrong = (why: string) => new Refusal('InvalidRequest', `InstallApp/Manifest: ${why}`)

/** The app's id, of a manifest of a mail app that is whole ([MS-OWEMXML] 2.2.22); what is none, or is over 256 KB → InvalidRequest. */
export function appIdOf(manifest: Base64): string {
  const bytes = Buffer.from(manifest, 'base64')
  if (bytes.length > largestManifest) throw wrong(`expected at most ${largestManifest} bytes`)
  const root = rootOf(bytes)
  if (root.name !== 'OfficeApp' || !namespaces.test(root.namespace)) throw wrong('expected the element OfficeApp of the schema of apps')
  if (!/(^|:)MailApp$/.test(root.attributes[type] ?? '')) throw wrong('expected xsi:type MailApp')
  const child = childNamed(root, 'Id')
  const id = guid.exec(child ? textOf(child).trim() : '')?.[1]?.toLowerCase()
  if (!id) throw wrong('expected Id with a GUID')
  const missing = needed.find((name) => !childNamed(root, name))
  if (missing) throw wrong(`expected ${missing}`)
  return id
}

function rootOf(bytes: Uint8Array): XmlElement {
  try {
    return readXml(bytes, limits)
  } catch (error) {
    if (error instanceof Refusal) throw wrong(error.message)
    throw error
  }
}
