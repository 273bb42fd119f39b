import { attribute, bool, nonEmptyString, oneOf, optional, string, type Codec } from '../../kernel/index.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'

const Format = attribute(oneOf('EwsLegacyId', 'EwsId', 'EntryId', 'HexEntryId', 'StoreId', 'OwaId'))
const alternateIds = {
  AlternateId: t.record({ Format, Id: attribute(string), Mailbox: attribute(nonEmptyString), IsArchive: optional(attribute(bool)) }),
  AlternatePublicFolderId: t.record({ Format, FolderId: attribute(string) }),
  AlternatePublicFolderItemId: t.record({ Format, FolderId: attribute(string), ItemId: attribute(string) }),
}
const AlternateIds = t.someOf(alternateIds)
/** [MS-OXWSCVTID] 2.2.4.3: an id in one of its formats, by the element it stood in. */
export type AlternateId = (typeof AlternateIds extends Codec<(infer T)[]> ? T : never) & object

const xsi = 'http://www.w3.org/2001/XMLSchema-instance'
/** In the answer every one of them is called AlternateId and says by xsi:type what it is. */
const AnsweredId: Codec<AlternateId> = {
  shape: { is: 'own', name: 'alternateId' },
  read: (element, context) => {
    const given = element.attributes[`{${xsi}}type`]?.replace(/^.*:/, '').replace(/Type$/, '') ?? 'AlternateId'
    const is = given in alternateIds ? (given as keyof typeof alternateIds) : 'AlternateId'
    return { is, value: alternateIds[is].read(element, context) } as AlternateId
  },
  write: (tag, { is, value }, context) => {
    const codec: Codec<unknown> = alternateIds[is]
    return codec.write(tag, value, context).replace(`<${tag}`, `<${tag} xmlns:xsi="${xsi}" xsi:type="t:${is}Type"`)
  },
}

export const ConvertId = batch('ConvertId', '[MS-OXWSCVTID] 3.1.4.1', {
  request: { SourceIds: AlternateIds, DestinationFormat: Format },
  message: { AlternateId: optional(AnsweredId) },
})
