import type { ExtendedValue } from '#model'
import type { MessageHeader } from '#wire'
import { readVerbStream, verbResponseKey, verbStreamKey } from '../items/voting.ts'

/**
 * The fields in which voting goes from one mailbox to another, since mail carries no MAPI properties otherwise: the verb stream in
 * base64, the vote as text.
 */
const optionsField = 'Isthmus-Voting-Options'
const responseField = 'Isthmus-Voting-Response'
/** Bytes of a stream that is carried; characters of a vote. */
const longest = 8192
const longestVote = 255

/** The fields of an item that asks for votes, or is one. */
export function votingFields(extended: Readonly<Record<string, ExtendedValue>> = {}): { name: string; value: string }[] {
  const stream = extended[verbStreamKey]?.value
  const vote = extended[verbResponseKey]?.value
  const fields: { name: string; value: string }[] = []
  // In words, so that the lines can be folded.
  if (typeof stream === 'string' && stream.length <= longest) fields.push({ name: optionsField, value: stream.replaceAll(/.{70}/g, '$& ') })
  if (typeof vote === 'string' && vote.length <= longestVote) fields.push({ name: responseField, value: vote })
  return fields
}

/** The extended properties that such fields stand for; what is no verb stream is left out. */
export function votingIn(headers: readonly MessageHeader[]): Record<string, ExtendedValue> {
  const found: Record<string, ExtendedValue> = {}
  const named = (name: string): string => headers.find(({ key }) => key === name.toLowerCase())?.value ?? ''
  const stream = named(optionsField).replaceAll(/\s+/g, '')
  const vote = named(responseField).slice(0, longestVote).toWellFormed()
  if (
    stream &&
    stream.length <= longest &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(stream) &&
    readVerbStream(Buffer.from(stream, 'base64')).length > 0
  ) {
    found[verbStreamKey] = { type: 'Binary', value: stream }
  }
  if (vote) found[verbResponseKey] = { type: 'String', value: vote }
  return found
}
