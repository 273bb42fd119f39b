import { standingAction } from '../conversations/standing-action.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { joinConversation } from '../items/stored.ts'
import type { DeliveryStep } from './incoming.ts'

/** What its owner wants to happen to every message of a conversation ([MS-OXWSCONV] 3.1.4.1 Always…) happens to this one. */
export const conversationAction: DeliveryStep = async () => async (tx, incoming, prepared) => {
  const { mailbox } = incoming
  const { conversation } = await joinConversation(tx, mailbox, prepared.row)
  const action = conversation === '' ? undefined : await standingAction(tx, { mailbox, conversation })
  if (!action) return
  if (action.categories) {
    const had = (prepared.row.properties.categories ?? []) as string[]
    incoming.added.categories = [...new Set([...had, ...action.categories])]
  }
  // What another step has sent elsewhere stays there.
  if (incoming.folder !== 'inbox') return
  if (action.remove) incoming.folder = action.remove === 'hard' ? undefined : action.remove
  else if (action.moveTo !== undefined) {
    const folder = await tx.folders.get(mailbox, action.moveTo)
    if (folder && !isSearchFolder(folder)) incoming.folder = folder.id
  }
}
