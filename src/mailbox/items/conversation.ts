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
