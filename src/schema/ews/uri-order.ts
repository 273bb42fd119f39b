import { childNamed, escapeAttribute } from '#wire'
import { refuseAt, type Codec } from '../kernel/index.ts'
import { t } from './namespaces.ts'

/** One key of a sort order over what is no item: people and conversations, whose properties are not in the dictionary. */
export interface UriOrder {
  uri: string
  descending: boolean
}

const Order: Codec<UriOrder> = {
  shape: { is: 'own', name: 'uriOrder' },
  read: (element) => {
    const { Order: order } = element.attributes
    if (order !== 'Ascending' && order !== 'Descending') return refuseAt(element, 'expected Ascending|Descending', 'Order')
    const uri = childNamed(element, 'FieldURI')?.attributes.FieldURI ?? refuseAt(element, 'expected FieldURI')
    return { uri, descending: order === 'Descending' }
  },
  write: (tag, { uri, descending }) =>
    `<${tag} Order="${descending ? 'Descending' : 'Ascending'}"><t:FieldURI FieldURI="${escapeAttribute(uri)}"/></${tag}>`,
}

/** [MS-OXWSSRCH] 2.2.4.11 FieldOrderType by FieldURIs as they were written. */
export const UriSortOrder = t.nonEmptyList('FieldOrder', Order)
