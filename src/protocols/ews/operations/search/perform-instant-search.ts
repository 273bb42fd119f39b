import { parseQuery, type FolderRef, type Item } from '#mailbox'
import { propertyRow, Refusal, type Restriction } from '#model'
import { PerformInstantSearch, type EwsItem, type Infer, type ItemShape } from '#schema'
import type { EwsContext } from '../../context.ts'
import { ewsItem } from '../../convert/item.ts'
import { askedBy } from '../../convert/shape.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

type Request = Infer<typeof PerformInstantSearch.request>

/** What one answer gives at most, and what one request may look into. */
const most = { items: 150, folders: 100 } as const
const shape: ItemShape = { BaseShape: 'Default', AdditionalProperties: { paths: [{ property: 'preview' }] } }
const isEvent: Restriction = { contains: { property: 'itemClass' }, value: 'IPM.Appointment', mode: 'Prefixed', comparison: 'IgnoreCase' }

/** The folders of the request, with those below where it is deep. */
async function foldersOf(context: EwsContext, { FolderScope, IsDeepTraversal }: Request): Promise<FolderRef[]> {
  const folders: FolderRef[] = []
  for (const value of FolderScope) {
    const ref = await folderRef(context, { is: 'FolderId', value })
    folders.push(ref)
    if (!IsDeepTraversal) continue
    const page = { offset: 0, limit: 10_000, from: 'Beginning' as const }
    const { items } = await context.mailboxes.findFolders(context.caller, { parents: [ref], traversal: 'Deep', page })
    for (const { row, rights } of items) {
      if (rights.read && row.properties.searchParameters === undefined) folders.push({ mailbox: row.mailbox, id: row.id })
    }
  }
  return [...new Map(folders.map((ref) => [JSON.stringify(ref), ref])).values()]
}

async function found(context: EwsContext, request: Request, restriction: Restriction | undefined): Promise<Item[]> {
  const folders = await foldersOf(context, request)
  if (folders.length === 0) return []
  const { items } = await context.mailboxes.findItems(context.caller, {
    until: context.deadline,
    folders,
    traversal: 'Shallow',
    ...(restriction ? { restriction } : {}),
    view: { kind: 'indexed', offset: 0, limit: most.items, from: 'Beginning' },
    wanted: askedBy(shape, context.version).wanted,
  })
  return items
}

/** The answer holds items of any kind as `Item`: with what all kinds have. */
function plain(item: EwsItem): EwsItem {
  const names = Object.keys(item.properties).filter((name) => propertyRow(name).on.includes('item'))
  return {
    ...item,
    kind: 'item',
    properties: Object.fromEntries(names.map((name) => [name, item.properties[name]])) as EwsItem['properties'],
  }
}

/**
 * The newest items that a query finds in folders ([MS-OXWSSRCH] 3.1.4.3): all at once, the session is the client's own name for it.
 * Suggestions, refiners, conversations and personas are not given: the answer says by ResultType what is.
 */
export const performInstantSearch = verb(PerformInstantSearch, (request, context) =>
  answerOne(context, async () => {
    const { SearchSessionId, SearchRequestId, ItemType, KqlQuery } = request
    if (request.FolderScope.length > most.folders) throw new Refusal('InvalidArgument', `FolderScope: expected at most ${most.folders}`)
    const query = parseQuery(KqlQuery, { zone: context.zone, now: context.clock() })
    const asked = askedBy(shape, context.version)
    const of = async (kind: Restriction): Promise<EwsItem[]> => {
      const items = await found(context, request, query ? { and: [kind, query] } : kind)
      return items.map((item) => ewsItem(item, asked))
    }
    const mail = ItemType.includes('MailItem') ? await of({ not: isEvent }) : undefined
    const events = ItemType.includes('CalendarItem') ? await of(isEvent) : undefined
    const ResultType: ('None' | 'ItemResults' | 'CalendarItemResults')[] = [
      ...(mail ? ['ItemResults' as const] : []),
      ...(events ? ['CalendarItemResults' as const] : []),
    ]
    return {
      Payload: {
        SearchSessionId,
        SearchRequestId,
        ResultType: ResultType.length > 0 ? ResultType : ['None' as const],
        ...(mail ? { Items: mail.map(plain) } : {}),
        ...(events ? { CalendarItems: events } : {}),
      },
    }
  }),
)
