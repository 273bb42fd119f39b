/** One element of DER: its tag and what it holds. */
export interface DerElement {
  tag: number
  content: Buffer
}

/** The elements that stand one after the other (X.690 8.1); what is cut off ends the list. */
export function derElements(bytes: Buffer): DerElement[] {
  const found: DerElement[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes.readUInt8(at + 1)
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f
    const start = at + 2 + lengthBytes
    if (lengthBytes > 4 || start > bytes.length) break
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at + 2, lengthBytes)
    if (start + length > bytes.length) break
    found.push({ tag: bytes.readUInt8(at), content: bytes.subarray(start, start + length) })
    at = start + length
  }
  return found
}

/**
 * What a certificate's extension of this object identifier holds (RFC 5280 4.1); undefined without one. Every message with a token asks
 * for it: a library that reads the whole certificate into objects takes forty times as long.
 */
export function extensionOf(certificate: Buffer, identifier: Buffer): Buffer | undefined {
  const [whole] = derElements(certificate)
  const [signed] = whole ? derElements(whole.content) : []
  const tagged = signed && derElements(signed.content).find(({ tag }) => tag === 0xa3)
  const [list] = tagged ? derElements(tagged.content) : []
  for (const { content } of list ? derElements(list.content) : []) {
    const [id, ...rest] = derElements(content)
    if (id?.content.equals(identifier)) return rest.at(-1)?.content
  }
  return undefined
}
