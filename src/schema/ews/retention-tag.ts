import { Refusal, type Tree } from '#model'
import { attribute, bool, string, text, treeIn, type Codec } from '../kernel/index.ts'
import { t } from './namespaces.ts'

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const Tag = t.record({ IsExplicit: attribute(bool), Id: text(string) })

/** [MS-OXWSCORE] 2.2.4.41 RetentionTagType: the GUID of a tag, and whether it was set or inherited. No GUID → InvalidRetentionTagIdGuid. */
export const RetentionTag: Codec<Tree> = {
  ...treeIn('t'),
  read: (element, context) => {
    const { IsExplicit, Id } = Tag.read(element, context)
    if (!guid.test(Id.trim())) {
      throw new Refusal('InvalidRetentionTagIdGuid', `${element.name}: expected a GUID, not '${Id.slice(0, 80)}'`)
    }
    return { name: element.name, attributes: { IsExplicit: String(IsExplicit) }, children: [Id.trim()] }
  },
}
