import type { FindPeople as Question } from '#mailbox'
import { Refusal, type SortKey } from '#model'
import { FindPeople, personaUris, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'
import { personaElement, type PersonaElement } from './persona.ts'

type Request = Infer<typeof FindPeople.request>

/** People of one answer. */
const mostPeople = 1000

/** Of the default shape ([MS-OXWSPERS] 2.2.4 PersonaResponseShapeType). */
const usual = new Set(['PersonaId', 'PersonaType', 'CreationTime', 'DisplayName', 'DisplayNameFirstLast', 'DisplayNameLastFirst', 'FileAs', 'GivenName', 'Surname', 'Title', 'Department', 'CompanyName', 'EmailAddress', 'EmailAddresses', 'PhoneNumber', 'ImAddress', 'HomeCity', 'WorkCity', 'Attributions']) // prettier-ignore

/** People among contacts and in the directory, a page of them ([MS-OXWSPERS] 3.1.4.1 FindPeople). */
export const findPeople = verb(FindPeople, (request, context) =>
  answerOne(context, async () => {
    const { Offset: offset, BasePoint, MaxEntriesReturned: limit = mostPeople } = request.IndexedPageItemView
    if (offset < 0 || limit < 1)
      throw new Refusal('InvalidIndexedPagingParameters', 'Offset: expected 0 or more; MaxEntriesReturned: 1 or more')
    if (BasePoint === 'End') throw new Refusal('InvalidRequest', 'FindPeople/IndexedPageItemView/BasePoint: expected Beginning')
    const both = [request.Restriction, request.AggregationRestriction].filter((one) => one !== undefined)
    const restriction = both.length > 1 ? { and: both } : both[0]
    const words = request.QueryString?.trim()
    const found = await context.mailboxes.findPeople(context.caller, {
      where: await placeOf(context, request),
      ...(words ? { words } : {}),
      ...(restriction ? { restriction } : {}),
      sort: sortOf(request.SortOrder),
      offset,
      limit: Math.min(limit, mostPeople),
    })
    const shown = shownNames(request)
    return {
      People: found.people.map((person) => picked(personaElement(person), shown)),
      ...(found.total === undefined ? {} : { TotalNumberOfPeopleInView: found.total }),
      FirstMatchingRowIndex: 0,
      FirstLoadedRowIndex: offset,
    }
  }),
)

/** The address list when it is named, a folder of contacts, or without any the own contacts and the address list together. */
async function placeOf(context: EwsContext, { ParentFolderId: target }: Request): Promise<Question['where']> {
  if (!target) return { own: await context.ownMailbox() }
  const { Folder } = target
  if (Folder.is === 'AddressListId' || (Folder.is === 'DistinguishedFolderId' && Folder.value.Id === 'directory')) return 'directory'
  const folder = await folderRef(context, Folder)
  // The search folder over all contacts holds nothing of its own here.
  if ('kind' in folder && folder.kind === 'mycontacts') return { folder: { ...folder, kind: 'contacts' } }
  return { folder }
}

function sortOf(order: Request['SortOrder']): SortKey[] {
  return (order ?? []).map(({ uri, descending }) => {
    const property = personaUris[uri]?.property
    if (!property) throw new Refusal('UnsupportedPathForSortGroup', `People cannot be sorted by ${uri.slice(0, 80)}.`)
    // Contacts have their display name as their subject, by which they can be sorted quickly.
    return { path: { property: property === 'displayName' ? 'subject' : property }, descending }
  })
}

function shownNames({ PersonaShape: shape }: Request): (name: string) => boolean {
  const named = new Set((shape?.AdditionalProperties ?? []).map((uri) => uri.replace(/^persona:/, '')))
  const base = shape?.BaseShape ?? 'Default'
  return (name) => name === 'PersonaId' || named.has(name) || base === 'AllProperties' || (base === 'Default' && usual.has(name))
}

function picked(element: PersonaElement, shown: (name: string) => boolean): PersonaElement {
  return Object.fromEntries(Object.entries(element).filter(([name]) => shown(name))) as PersonaElement
}
