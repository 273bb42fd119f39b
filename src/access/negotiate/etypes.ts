/** Kerberos' encryption with AES: 17 and 18 (RFC 3962), 19 and 20 (RFC 8009). Nothing older is taken. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

interface Etype {
  keyBytes: 16 | 32
  /** Bytes of the checksum behind the ciphertext. */
  macBytes: number
  keys(key: Buffer, usage: number): { encryption: Buffer; integrity: Buffer }
  /** What the checksum is over: the plain text (RFC 3961 5.3), or the ciphertext behind its initial vector (RFC 8009 5). */
  mac(integrity: Buffer, plain: Buffer, cipher: Buffer): Buffer
}

const block = 16
const zero = Buffer.alloc(block)

const etypes: Readonly<Record<number, Etype>> = {
  17: sha1(16),
  18: sha1(32),
  19: sha2('sha256', 16, 16),
  20: sha2('sha384', 32, 24),
}

/** True for a kind of key that is taken, of the right length. */
export function isKey(etype: number, key: Buffer): boolean {
  return etypes[etype]?.keyBytes === key.length
}

/** The plain text, or undefined where the key or usage is another one or a bit was changed. */
export function decrypt(etype: number, key: Buffer, usage: number, sealed: Buffer): Buffer | undefined {
  const kind = etypes[etype]
  if (!kind || key.length !== kind.keyBytes || sealed.length < block + kind.macBytes) return undefined
  const { encryption, integrity } = kind.keys(key, usage)
  const cipher = sealed.subarray(0, sealed.length - kind.macBytes)
  const plain = decryptCts(encryption, cipher)
  const mac = kind.mac(integrity, plain, cipher).subarray(0, kind.macBytes)
  return timingSafeEqual(mac, sealed.subarray(-kind.macBytes)) ? plain.subarray(block) : undefined
}

/** Sealed behind 16 random bytes. */
export function encrypt(etype: number, key: Buffer, usage: number, text: Buffer, confounder: Uint8Array): Buffer {
  const kind = etypes[etype]
  if (!kind) throw new Error(`encryption type ${etype} is not known`)
  const { encryption, integrity } = kind.keys(key, usage)
  const plain = Buffer.concat([confounder, text])
  const cipher = encryptCts(encryption, plain)
  return Buffer.concat([cipher, kind.mac(integrity, plain, cipher).subarray(0, kind.macBytes)])
}

/** RFC 3961 5.3 and RFC 3962 6: keys are derived, the checksum is HMAC-SHA1-96. */
function sha1(keyBytes: 16 | 32): Etype {
  const derive = (key: Buffer, usage: number, mark: number): Buffer => {
    const parts: Buffer[] = []
    let last = nFold(constant(usage, mark), block)
    while (parts.length * block < keyBytes) parts.push((last = aes(key, last, false)))
    return Buffer.concat(parts)
  }
  return {
    ...{ keyBytes, macBytes: 12 },
    keys: (key, usage) => ({ encryption: derive(key, usage, 0xaa), integrity: derive(key, usage, 0x55) }),
    mac: (integrity, plain) => createHmac('sha1', integrity).update(plain).digest(),
  }
}

/** RFC 8009 3 and 5. */
function sha2(hash: 'sha256' | 'sha384', keyBytes: 16 | 32, macBytes: number): Etype {
  const derive = (key: Buffer, usage: number, mark: number, bytes: number): Buffer => {
    const tail = Buffer.alloc(5)
    tail.writeUInt32BE(bytes * 8, 1)
    return createHmac(hash, key).update(Buffer.from([0, 0, 0, 1])).update(constant(usage, mark)).update(tail).digest().subarray(0, bytes) // prettier-ignore
  }
  return {
    ...{ keyBytes, macBytes },
    keys: (key, usage) => ({ encryption: derive(key, usage, 0xaa, keyBytes), integrity: derive(key, usage, 0x55, macBytes) }),
    mac: (integrity, _plain, cipher) => createHmac(hash, integrity).update(zero).update(cipher).digest(),
  }
}

function constant(usage: number, mark: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(usage)
  bytes[4] = mark
  return bytes
}

/** RFC 3961 5.1: copies, each turned right by 13 bits more, added up with the carry going round. */
export function nFold(input: Buffer, bytes: number): Buffer {
  let [a, b] = [bytes, input.length]
  while (b > 0) [a, b] = [b, a % b]
  const total = (bytes * input.length) / a
  const bits = input.length * 8
  const bitAt = (at: number): number => (input[at >> 3]! >> (7 - (at & 7))) & 1
  const sum = new Array<number>(bytes).fill(0)
  for (let at = 0; at < total; at++) {
    const turned = 13 * Math.floor(at / input.length)
    let byte = 0
    for (let bit = 0; bit < 8; bit++) byte = (byte << 1) | bitAt((((at % input.length) * 8 + bit - turned) % bits + bits) % bits) // prettier-ignore
    sum[at % bytes]! += byte
  }
  for (let carry = 0, pass = 0; pass < 3; pass++) {
    for (let at = bytes - 1; at >= 0; at--) {
      const value = sum[at]! + carry
      sum[at] = value & 0xff
      carry = value >> 8
    }
  }
  return Buffer.from(sum)
}

/** AES in CBC, with an initial vector of zeros and no padding. */
function aes(key: Buffer, bytes: Buffer, open: boolean): Buffer {
  const name = `aes-${key.length * 8}-cbc`
  const cipher = (open ? createDecipheriv(name, key, zero) : createCipheriv(name, key, zero)).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()])
}

const exclusiveOr = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, at) => byte ^ other[at]!))

/** CBC with the last two blocks swapped and the last cut to length (RFC 3962 5, CBC-CS3). Not less than one block. */
function encryptCts(key: Buffer, plain: Buffer): Buffer {
  if (plain.length === block) return aes(key, plain, false)
  const rest = plain.length % block || block
  const cipher = aes(key, Buffer.concat([plain, Buffer.alloc(block - rest)]), false)
  const at = cipher.length - 2 * block
  return Buffer.concat([cipher.subarray(0, at), cipher.subarray(at + block), cipher.subarray(at, at + rest)])
}

function decryptCts(key: Buffer, cipher: Buffer): Buffer {
  if (cipher.length === block) return aes(key, cipher, true)
  const rest = cipher.length % block || block
  const at = cipher.length - rest - block
  const [last, cut] = [cipher.subarray(at, at + block), cipher.subarray(at + block)]
  const open = aes(key, last, true)
  const before = Buffer.concat([cut, open.subarray(rest)])
  return Buffer.concat([aes(key, Buffer.concat([cipher.subarray(0, at), before]), true), exclusiveOr(open.subarray(0, rest), cut)])
}
