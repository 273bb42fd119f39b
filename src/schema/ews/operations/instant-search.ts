import { bool, long, oneOf, optional, string, tokens } from '../../kernel/index.ts'
import { FolderId } from '../ids.ts'
import { itemElement } from '../items.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { Conversation } from './conversations.ts'

export const InstantSearchPayload = t.record({
  SearchSessionId: string,
  SearchRequestId: long,
  ResultType: tokens(
    oneOf(
      'None',
      'Suggestions',
      'ItemResults',
      'ConversationResults',
      'Refiners',
      'SearchTerms',
      'Errors',
      'QueryStatistics',
      'CalendarItemResults',
      'PersonaResults',
      'SuggestionsPrimer',
    ),
  ),
  Items: optional(t.list('Item', itemElement('item'))),
  Conversations: optional(t.list('Conversation', Conversation)),
  CalendarItems: optional(t.list('CalendarItem', itemElement('calendar'))),
})

export const PerformInstantSearch = single('PerformInstantSearch', '[MS-OXWSSRCH] 3.1.4.3', {
  request: {
    SearchSessionId: string,
    ItemType: tokens(oneOf('None', 'MailItem', 'MailConversation', 'CalendarItem', 'Persona')),
    QueryOptions: tokens(
      oneOf('None', 'Suggestions', 'Results', 'Refiners', 'SearchTerms', 'ExplicitSearch', 'SuggestionsPrimer', 'AllowFuzzing'),
    ),
    SearchRequestId: long,
    KqlQuery: string,
    FolderScope: t.list('FolderId', FolderId),
    IsDeepTraversal: optional(bool),
    WaitOnSearchResults: optional(bool),
  },
  message: { Payload: optional(InstantSearchPayload) },
})
