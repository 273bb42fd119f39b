import { createHash } from 'node:crypto'
import type { Instant, Properties } from '#model'

const prefixes = /^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|tr|rv|antw)(?:\s*\[\d+\])?\s*:\s*)+/i

/** The subject without its reply and forward prefixes ([MS-OXOMSG] 2.2.1.5 PidTagConversationTopic). */
export function conversationTopic(subject: string): string {
  return subject.replace(prefixes, '').trim()
}

/** The Message-ID that began the conversation: the first of References, else In-Reply-To, else the message's own. */
export function conversationRoot(properties: Properties, messageId: string): string {
  const references = typeof properties.references === 'string' ? properties.references : ''
  const inReplyTo = typeof properties.inReplyTo === 'string' ? properties.inReplyTo : ''
  return /<[^<>\s]+>/.exec(references)?.[0] ?? /<[^<>\s]+>/.exec(inReplyTo)?.[0] ?? messageId
}

/** A conversation's id: 16 bytes as 32 hex digits, the same for all messages that go back to the same root. */
export function conversationId(root: string): string {
  return createHash('sha256').update(root.toLowerCase()).digest('hex').slice(0, 32)
}

const filetimeEpoch = 11_644_473_600_000n

/** A conversation index header: 22 bytes, the conversation's id as its GUID ([MS-OXOMSG] 2.2.1.3). */
export function conversationIndex(conversation: string, at: Instant): string {
  const index = Buffer.alloc(22)
  const ticks = (BigInt(Math.trunc(at)) + filetimeEpoch) * 10_000n
  index.writeUInt8(1, 0)
  Buffer.from(ticks.toString(16).padStart(16, '0'), 'hex').copy(index, 1, 1, 6)
  Buffer.from(conversation, 'hex').copy(index, 6)
  return index.toString('base64')
}

const headerLength = 22
const levelLength = 5
/** Bytes of an index that is taken from others or made longer: so many answers to answers are enough. */
const longestIndex = headerLength + 200 * levelLength
/** Of a distance that is longer, in ticks, the higher bits are told. */
const farTicks = 1n << 49n

/** The index that a Thread-Index field says; undefined for what is none ([MS-OXOMSG] 2.2.1.3). */
export function indexIn(field: string): string | undefined {
  const index = Buffer.from(field, 'base64')
  const fits = index.length >= headerLength && index.length <= longestIndex && (index.length - headerLength) % levelLength === 0
  return fits && index[0] === 1 ? index.toString('base64') : undefined
}

/** True of an index that says what it answers, and not only in which conversation it is. */
export const isAnswer = (index: unknown): boolean => typeof index === 'string' && Buffer.byteLength(index, 'base64') > headerLength

/** When a conversation began, by its header: the first five bytes of the time, or as Outlook writes it those behind the first, which is 1 (<2>). */
function beginningIn(index: Buffer): bigint {
  return index[1] === 1 ? BigInt(`0x${index.toString('hex', 1, 6)}`) << 24n : BigInt(`0x${index.toString('hex', 0, 6)}`) << 16n
}

/**
 * The index of an answer: the answered message's, with how long after the conversation's beginning it was written (MS-OXWSMSG_R47,
 * [MS-OXOMSG] 2.2.1.3). Four bits tell answers of one moment apart; they are taken from the seed.
 */
export function answerIndex(answered: string, at: Instant, seed: string): string {
  const index = Buffer.from(answered, 'base64')
  if (index.length + levelLength > longestIndex) return answered
  const ticks = (BigInt(Math.trunc(at)) + filetimeEpoch) * 10_000n - beginningIn(index)
  const distance = ticks < 0n ? 0n : ticks
  const isFar = distance >= farTicks
  const told = isFar ? ((distance >> 23n) & 0x7fff_ffffn) | 0x8000_0000n : (distance >> 18n) & 0x7fff_ffffn
  const level = Buffer.alloc(levelLength)
  level.writeUInt32BE(Number(told), 0)
  level.writeUInt8(createHash('sha256').update(seed).digest().readUInt8(0) & 0xf0, 4)
  return Buffer.concat([index, level]).toString('base64')
}
