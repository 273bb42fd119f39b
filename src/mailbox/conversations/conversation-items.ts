import { Refusal, type Caller } from '#model'
import type { FolderRow } from '#store'
import type { MailboxContext } from '../context.ts'
import { storedFolder } from '../folders/resolve.ts'
import { accessTo, itemRights } from '../permissions/access.ts'
import { withoutHiddenOccurrences } from '../permissions/private-occurrences.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import { planFor } from '../retention/shown.ts'
import type { ConversationItems, ConversationNode } from './contract.ts'
import { readableMessages, type Readable } from './readable.ts'

/** A message with its copies, and where it hangs. */
interface Node {
  messageId: string
  parent: string
  /** The newest first. */
  messages: Readable[]
  at: number
}

/** [MS-OXWSCONV] 3.1.4.3 GetConversationItems for one conversation. */
export async function conversationItems(
  ctx: MailboxContext,
  caller: Caller,
  { ref, order, ignore, limit, since, wanted }: ConversationItems,
): Promise<{ nodes: ConversationNode[]; change: number }> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const options = readOptions(access, false, await planFor(ctx, access, wanted))
  const seen: Readable[] = []
  const answer = await ctx.store.read(async (tx) => {
    const ignored = new Set<number>()
    for (const folder of ignore) if (folder.mailbox === ref.mailbox) ignored.add((await storedFolder(tx, folder)).id)
    const messages = await readableMessages(tx, access, ref, new Map<number, FolderRow | undefined>())
    if (messages.length === 0 && since === undefined) throw new Refusal('ItemNotFound', 'There is no such conversation.')
    const taken = messages.filter(({ folder }) => !ignored.has(folder.id)).slice(0, limit)
    const changed = (node: Node) => since === undefined || node.messages.some(({ row }) => row.change > since)
    const nodes: ConversationNode[] = []
    for (const node of ordered(nodesOf(taken), order).filter(changed)) {
      const items = []
      for (const { row, folder } of node.messages) {
        const shown = withoutHiddenOccurrences(access, folder, row)
        items.push(await readItem(tx, shown, folder, itemRights(access, folder, row), wanted, options))
      }
      seen.push(...node.messages)
      nodes.push({ messageId: node.messageId, parentMessageId: node.parent, items })
    }
    return { nodes, change: (await tx.mailboxes.get(ref.mailbox))?.change ?? 0 }
  })
  await ctx.binds?.messages(access, seen)
  return answer
}

/** One node for each message: its copies (the one sent, the one received) stand together. */
function nodesOf(messages: readonly Readable[]): Node[] {
  const nodes = new Map<string, Node>()
  for (const message of messages) {
    const { row } = message
    const key = row.messageId || `#${row.id}`
    const node = nodes.get(key)
    if (node) node.messages.push(message)
    else nodes.set(key, { messageId: row.messageId, parent: '', messages: [message], at: row.received })
  }
  for (const node of nodes.values()) node.parent = parentOf(node, nodes)
  return [...nodes.values()]
}

/** What it answers: the nearest of those it refers to that is here, else the one it names. */
function parentOf({ messageId, messages }: Node, nodes: ReadonlyMap<string, Node>): string {
  const { references, inReplyTo } = messages[0]?.row.properties ?? {}
  const idsIn = (text: unknown) => (typeof text === 'string' ? (text.match(/<[^<>\s]+>/g) ?? []) : [])
  const answered = idsIn(inReplyTo)[0]
  const named = [...(answered === undefined ? [] : [answered]), ...idsIn(references).reverse()].filter((id) => id !== messageId)
  return named.find((id) => nodes.has(id)) ?? named[0] ?? ''
}

function ordered(nodes: Node[], order: ConversationItems['order']): Node[] {
  const byDate = nodes.toSorted((a, b) => a.at - b.at || (a.messages[0]?.row.id ?? 0) - (b.messages[0]?.row.id ?? 0))
  const ascending = order.startsWith('Tree') ? asTree(byDate) : byDate
  return order.endsWith('Descending') ? ascending.reverse() : ascending
}

/** Each node before those that answer it, siblings by date. What refers to itself in a circle comes last. */
function asTree(byDate: readonly Node[]): Node[] {
  const here = new Set(byDate.map(({ messageId }) => messageId).filter(Boolean))
  const children = new Map<string, Node[]>()
  for (const node of byDate) {
    const parent = here.has(node.parent) ? node.parent : ''
    children.set(parent, [...(children.get(parent) ?? []), node])
  }
  const walked = new Set<Node>()
  const waiting = [...(children.get('') ?? [])].reverse()
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (walked.has(node)) continue
    walked.add(node)
    if (node.messageId) waiting.push(...[...(children.get(node.messageId) ?? [])].reverse())
  }
  return [...walked, ...byDate.filter((node) => !walked.has(node))]
}
