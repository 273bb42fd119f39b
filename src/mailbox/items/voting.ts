import { extendedKey, propertySets, type ExtendedValue, type Tree } from '#model'

/** [MS-OXOMSG] 2.2.1.74 PidLidVerbStream: the voting options of a message. */
export const verbStreamKey = extendedKey({ set: propertySets.Common, id: 0x8520, type: 'Binary' })
/** [MS-OXOMSG] 2.2.1.75 PidLidVerbResponse: what was chosen, on the answer. */
export const verbResponseKey = extendedKey({ set: propertySets.Common, id: 0x8524, type: 'String' })

/** More are shown by nobody; a stream with more is taken for none. */
const mostOptions = 100
const versionOfOptions = 0x0102
const versionOfExtras = 0x0104
/** VerbType of a voting option; others are what every message can be answered with. */
const votingOption = 4
/** What the user is asked before the vote leaves, by SendBehavior (MS-OXWSMSG_R349 to R351). */
const sendPrompts: Readonly<Record<number, string>> = { 1: 'Send', 2: 'VotingOption' }

interface VoteOption {
  verb: number
  name: string
  prompt: string
}

/** Reads a stream forward; what lies beyond its end → RangeError of the buffer's own reads, or an empty text. */
function reader(bytes: Buffer) {
  let at = 0
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('the stream ends too early')
    at += length
    return bytes.subarray(at - length, at)
  }
  return {
    take,
    byte: () => take(1).readUInt8(),
    word: () => take(2).readUInt16LE(),
    dword: () => take(4).readUInt32LE(),
  }
}

/** The options in a verb stream, which may come from anybody: one that breaks the format has none. */
export function readVerbStream(bytes: Buffer): VoteOption[] {
  try {
    return optionsIn(bytes)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

function optionsIn(bytes: Buffer): VoteOption[] {
  const { take, byte, word, dword } = reader(bytes)
  if (word() !== versionOfOptions) return []
  const count = dword()
  if (count > mostOptions) return []
  const options: VoteOption[] = []
  for (let each = 0; each < count; each++) {
    const verb = dword()
    const name = take(byte()).toString('latin1')
    // The message class, a text that is empty in votes, the name again; two numbers and the style of the answer's header.
    for (let text = 0; text < 3; text++) take(byte())
    take(4 + 1 + 4 + 4)
    options.push({ verb, name, prompt: sendPrompts[dword()] ?? 'None' })
    take(4 + 4 + 4)
  }
  // The names again, with every character.
  if (word() !== versionOfExtras) return options
  for (const option of options) {
    option.name = take(2 * byte())
      .toString('utf16le')
      .toWellFormed()
      .replaceAll('\0', '')
    take(2 * byte())
  }
  return options
}

/** `<t:VotingInformation>` (MS-OXWSMSG_R73005): the options of a message that has voting buttons, or the vote of an answer. */
export function votingInformation(extended: Readonly<Record<string, ExtendedValue>>): Tree | undefined {
  const stream = extended[verbStreamKey]?.value
  const response = extended[verbResponseKey]?.value
  const options =
    typeof stream === 'string' ? readVerbStream(Buffer.from(stream, 'base64')).filter(({ verb }) => verb === votingOption) : []
  const leaf = (name: string, value: string): Tree => ({ name, children: [value] })
  const children: Tree[] = []
  if (options.length > 0) {
    const each = options.map(({ name, prompt }) => ({
      name: 'VotingOptionData',
      children: [leaf('DisplayName', name), leaf('SendPrompt', prompt)],
    }))
    children.push({ name: 'UserOptions', children: each })
  }
  if (typeof response === 'string' && response !== '') children.push(leaf('VotingResponse', response))
  return children.length > 0 ? { name: 'VotingInformation', children } : undefined
}
