/** MD4 (RFC 1320), which OpenSSL no longer has: for the NT hash alone ([MS-NLMP] 3.3.1 NTOWFv1), never to protect anything. */
export function md4(message: Uint8Array): Buffer {
  const length = (message.length + 72) & ~63
  const padded = Buffer.alloc(length)
  padded.set(message)
  padded[message.length] = 0x80
  padded.writeBigUInt64LE(BigInt(message.length) * 8n, length - 8)
  const state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < length; at += 64) addBlock(state, padded.subarray(at, at + 64))
  const digest = Buffer.alloc(16)
  state.forEach((word, index) => digest.writeUInt32LE(word >>> 0, index * 4))
  return digest
}

type State = [number, number, number, number]

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))

/** RFC 1320 3.4: three rounds of sixteen steps. */
const rounds = [
  { mix: (x: number, y: number, z: number) => (x & y) | (~x & z), add: 0, bits: [3, 7, 11, 19], order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] },
  { mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z), add: 0x5a827999, bits: [3, 5, 9, 13], order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15] },
  { mix: (x: number, y: number, z: number) => x ^ y ^ z, add: 0x6ed9eba1, bits: [3, 9, 11, 15], order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15] },
] // prettier-ignore

function addBlock(state: State, block: Buffer): void {
  let [a, b, c, d] = state
  for (const { mix, add, bits, order } of rounds) {
    for (const [step, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + block.readUInt32LE(word * 4) + add) | 0
      ;[a, b, c, d] = [d, rotated(sum, bits[step % 4]!), b, c]
    }
  }
  state[0] = (state[0] + a) | 0
  state[1] = (state[1] + b) | 0
  state[2] = (state[2] + c) | 0
  state[3] = (state[3] + d) | 0
}
