import { createHash, createHmac, createVerify, timingSafeEqual, type X509Certificate } from 'node:crypto'
import { elementsOf, type XmlElement } from '#wire'
import { flawed, flawOf } from './flaw.ts'
import { algorithmSets, enveloped, exclusiveC14n, type Prefix } from './names.ts'
import { all, attribute, bytesOf, one, readStrict, type StrictDocument } from './strict.ts'
import { canonicalText, domElements, domElementsOfId, domOf, isIdName, type DomElement } from './xml-dom.ts'

/** What a signature has to be made with: the secret, or one of the certificates' keys. Whatever its KeyInfo says. */
export type TrustedKey = { secret: Uint8Array } | { certificates: X509Certificate[] }

/** A ds:Reference as it was signed. */
interface Reference {
  id: string
  isEnveloped: boolean
  hash: string
  digest: Buffer
}

const sets = Object.values(algorithmSets)
const mostReferences = 8

/**
 * Checks a ds:Signature that stands in a document, made with a key we trust, and that it covers exactly elements that stand
 * where we read them: `covers` are those that it must cover and `may` those that it may cover as well. Returns what was signed,
 * re-parsed from the signed bytes. A signature of another shape, other algorithms, references to anything else, ids that
 * occur twice and a wrong signature are a Flaw ([XML Signature] 3.2: first SignedInfo is genuine, then its digests are right).
 */
export function verifySignature({
  document,
  signature,
  trusted,
  covers,
  may = [],
}: {
  document: StrictDocument
  signature: XmlElement
  trusted: TrustedKey
  covers: XmlElement[]
  may?: XmlElement[]
}): Map<XmlElement, XmlElement> {
  const parts = elementsOf(signature).map((child) => child.name)
  if (!['SignedInfo,SignatureValue', 'SignedInfo,SignatureValue,KeyInfo'].includes(parts.join())) flawed('the signature has other parts')
  const dom = domOf(document.text)
  const [node, second] = domElements(dom, 'ds', 'Signature', signature.parent ?? signature)
  if (!node || second) return flawed('there is more than one signature')
  const info = canonicalText(childOf(node, 'SignedInfo'))
  const { hash, references } = readSignedInfo(readStrict(info).root, 'secret' in trusted ? 'hmac' : 'rsa')
  if (!isGenuine(info, bytesOf(one(signature, 'ds', 'SignatureValue')), hash, trusted)) flawed('the signature is wrong')
  const aims = references.map((reference) => ({ ...reference, target: elementOfId(document.root, reference.id) }))
  const targets = aims.map(({ target }) => target)
  const stray = targets.find((target) => !covers.includes(target) && !may.includes(target))
  if (stray) flawed(`the signature covers a ${stray.name} that stands elsewhere`)
  const missing = covers.find((target) => !targets.includes(target))
  if (missing) flawed(`the signature does not cover ${missing.name}`)
  if (new Set(targets).size !== targets.length) flawed('the signature covers an element twice')
  return new Map(aims.map((aim) => [aim.target, signedElement(aim, dom, node)]))
}

/** SignedInfo as it was signed, its shape and algorithms checked. */
function readSignedInfo(info: XmlElement, kind: 'hmac' | 'rsa'): { hash: string; references: Reference[] } {
  if (elementsOf(info).some(({ name }) => !['CanonicalizationMethod', 'SignatureMethod', 'Reference'].includes(name))) {
    flawed('the signature has other parts')
  }
  const canonicalization = one(info, 'ds', 'CanonicalizationMethod')
  const algorithm = attribute(canonicalization, 'Algorithm')
  if (algorithm !== exclusiveC14n || elementsOf(canonicalization).length) notAllowed(algorithm)
  const method = one(info, 'ds', 'SignatureMethod')
  if (elementsOf(method).length) flawed('the signature is cut off (HMACOutputLength)')
  const name = attribute(method, 'Algorithm')
  const hash = sets.find((set) => set[kind] === name)?.hash ?? notAllowed(name)
  const references = all(info, 'ds', 'Reference')
  if (references.length === 0 || references.length > mostReferences) flawed(`the signature has ${references.length} references`)
  return { hash, references: references.map(readReference) }
}

function readReference(reference: XmlElement): Reference {
  const transforms = elementsOf(one(reference, 'ds', 'Transforms'))
  const isEnveloped = transforms.length === 2
  const written = transforms.map((transform) => attribute(transform, 'Algorithm')).join(' ')
  if (written !== (isEnveloped ? `${enveloped} ${exclusiveC14n}` : exclusiveC14n) || transforms.some((node) => elementsOf(node).length)) {
    flawed('a reference has other transforms', 'wsse:UnsupportedAlgorithm')
  }
  const digestMethod = attribute(one(reference, 'ds', 'DigestMethod'), 'Algorithm')
  const hash = sets.find(({ digest }) => digest === digestMethod)?.hash ?? notAllowed(digestMethod)
  const id = /^#([\w.-]{1,200})$/.exec(attribute(reference, 'URI'))?.[1] ?? flawed('a reference does not name an element by its id')
  return { id, isEnveloped, hash, digest: bytesOf(one(reference, 'ds', 'DigestValue')) }
}

function notAllowed(algorithm: string): never {
  return flawed(`the algorithm ${algorithm.slice(0, 200)} is not allowed`, 'wsse:UnsupportedAlgorithm')
}

function isGenuine(info: string, value: Buffer, hash: string, trusted: TrustedKey): boolean {
  if ('secret' in trusted) return isEqual(createHmac(hash, trusted.secret).update(info).digest(), value)
  const keys = trusted.certificates.map(({ publicKey }) => publicKey).filter(({ asymmetricKeyType }) => asymmetricKeyType === 'rsa')
  return keys.some((key) => createVerify(hash).update(info).verify(key, value))
}

function isEqual(right: Buffer, given: Buffer): boolean {
  return right.length === given.length && timingSafeEqual(right, given)
}

/** What a reference signed, re-parsed; it has to be the element that it points to. */
function signedElement(aim: Reference & { target: XmlElement }, dom: DomElement, signature: DomElement): XmlElement {
  const { id, isEnveloped, hash, digest, target } = aim
  const [node, second] = domElementsOfId(dom, id)
  if (!node || second) return flawed('an id occurs twice')
  if (isEnveloped) {
    if (signature.parentNode !== node) return flawed('the signature is not within what it covers')
    node.removeChild(signature)
  }
  const text = canonicalText(node)
  if (!isEqual(createHash(hash).update(text).digest(), digest)) flawed('a digest is wrong')
  const { root } = readStrict(text)
  if (root.name !== target.name || root.namespace !== target.namespace) flawed(`what was signed is no ${target.name}`)
  return root
}

/** The one element with the id, whatever its id attribute is called; two are a Flaw. */
function elementOfId(root: XmlElement, id: string): XmlElement {
  const found: XmlElement[] = []
  const visit = (node: XmlElement): void => {
    for (const [name, value] of Object.entries(node.attributes)) {
      if (value === id && isIdName(name.replace(/^\{.*\}/, ''))) found.push(node)
    }
    for (const child of elementsOf(node)) visit(child)
  }
  visit(root)
  const [first, second] = found
  if (second) flawed('an id occurs twice')
  return first ?? flawed('the signature refers to something that is not there')
}

function childOf(node: DomElement, name: string): DomElement {
  return Array.from(node.childNodes).find((child) => child.localName === name) ?? flawed(`the signature has no ${name}`)
}

/**
 * The document without what its body holds, for signatures that cover headers alone: bodies are large and canonicalisers slow.
 * The tree stays whole, so that ids are still looked for everywhere.
 */
export function withoutBody(document: StrictDocument, body: XmlElement): StrictDocument {
  const { text, root } = document
  const inner = body.inner()
  // `readStrict` has seen to it that these characters begin nothing but end tags: that of the envelope and that of the body.
  const end = text.lastIndexOf('</', text.lastIndexOf('</') - 1)
  const from = end - inner.length
  if (from < 0 || text.slice(from, end) !== inner) return document
  return { text: text.slice(0, from) + text.slice(end), root }
}

/**
 * The one element that the container holds, as a text of its own: as it was written where it declares its prefixes itself,
 * else in its exclusive canonical form, which leaves its signatures valid. Several elements, or another, are a Flaw.
 */
export function standalone(document: StrictDocument, container: XmlElement, prefix: Prefix, name: string): string {
  const child = one(container, prefix, name)
  if (elementsOf(container).length !== 1) flawed(`${container.name} has more than a ${name}`)
  const written = container.inner().trim()
  if (readsAlike(written, child)) return written
  const [node, second] = domElements(domOf(document.text), prefix, name, container)
  if (!node || second) return flawed(`there is more than one ${name}`)
  return canonicalText(node)
}

/** Whether a text, read alone, is the element that it is where it stands. */
function readsAlike(text: string, whole: XmlElement): boolean {
  const isSame = (a: XmlElement, b: XmlElement): boolean => {
    const [left, right] = [elementsOf(a), elementsOf(b)]
    if (a.name !== b.name || a.namespace !== b.namespace || left.length !== right.length) return false
    return left.every((child, index) => isSame(child, right[index] ?? child))
  }
  try {
    return isSame(readStrict(text).root, whole)
  } catch (error) {
    // A prefix is declared further out.
    if (flawOf(error)) return false
    throw error
  }
}
