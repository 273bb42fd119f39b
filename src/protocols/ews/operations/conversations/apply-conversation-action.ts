import type { ConversationAction } from '#mailbox'
import { Refusal } from '#model'
import { ApplyConversationAction, type ConversationAction as ActionElement, type Infer, type TargetFolderId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { conversationRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

type Element = Infer<typeof ActionElement>

/** Categories of one message, and characters of one. */
const mostCategories = 100
const longestCategory = 255

/** Does something to whole conversations, to what is there and to what will come ([MS-OXWSCONV] 3.1.4.1 ApplyConversationAction). */
export const applyConversationAction = verb(ApplyConversationAction, (request, context) =>
  answerEach(context, request.ConversationActions, async (element) => {
    await context.mailboxes.applyConversationAction(context.caller, await actionOf(context, element))
    return {}
  }),
)

/** What is asked for. An element that the action needs and that is not there → MissingArgument. */
async function actionOf(context: EwsContext, element: Element): Promise<ConversationAction> {
  const context_ = element.ContextFolderId && (await targetFolderRef(context, element.ContextFolderId))
  const common = {
    ref: conversationRefOf(element.ConversationId.Id),
    ...(context_ ? { context: context_ } : {}),
    ...(element.ConversationLastSyncTime === undefined ? {} : { upTo: element.ConversationLastSyncTime }),
  }
  const { Action: action, DestinationFolderId: destination } = element
  switch (action) {
    case 'AlwaysCategorize':
      return { ...common, action, categories: categoriesOf(element) }
    case 'AlwaysDelete':
      return { ...common, action, enable: element.EnableAlwaysDelete ?? false, deleteType: element.DeleteType ?? 'MoveToDeletedItems' }
    case 'AlwaysMove':
      return { ...common, action, to: destination && (await targetFolderRef(context, destination)) }
    case 'Delete':
      return { ...common, action, deleteType: element.DeleteType ?? missing(action, 'DeleteType') }
    case 'Move':
    case 'Copy':
      return {
        ...common,
        action,
        to: await targetFolderRef(context, destination ?? missing<TargetFolderId>(action, 'DestinationFolderId')),
      }
    case 'SetReadState':
      return { ...common, action, isRead: element.IsRead ?? missing(action, 'IsRead') }
    case 'Flag':
      return { ...common, action: 'SetProperties', properties: { flag: element.Flag ?? missing(action, 'Flag') } }
    case 'SetRetentionPolicy':
      return { ...common, action: 'SetProperties', properties: retention(element) }
  }
}

function missing<T>(action: string, name: string): T {
  throw new Refusal('MissingArgument', `ConversationAction/${name}: the action ${action} needs it`)
}

function categoriesOf({ Categories: names = [] }: Element): string[] {
  if (names.length > mostCategories || names.some((name) => name.length > longestCategory)) {
    throw new Refusal('InvalidRequest', `ConversationAction/Categories: at most ${mostCategories} of ${longestCategory} characters`)
  }
  return names
}

/** The tag as items keep it; none = the folder's holds again. */
function retention({ RetentionPolicyType: type = 'Delete', RetentionPolicyTagId: tag }: Element): Record<string, unknown> {
  const name = type === 'Archive' ? 'archiveTag' : 'policyTag'
  return { [name]: tag === undefined ? undefined : { name: type === 'Archive' ? 'ArchiveTag' : 'PolicyTag', attributes: { IsExplicit: 'true' }, children: [tag] } } // prettier-ignore
}
