import { Refusal } from '../refusal.ts'
import type { Tree } from '../values.ts'
import type { MapiAlias } from './alias.ts'

const guidForm = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i

/** A GUID as MAPI's binary properties have it: the first three groups with their least byte first ([MS-DTYP] 2.3.4.2), in base64. */
function packed(guid: string): string | undefined {
  const [, a = '', b = '', c = '', d = '', e = ''] = guidForm.exec(guid) ?? []
  const reversed = (hex: string) => Buffer.from(hex, 'hex').reverse()
  return a && Buffer.concat([reversed(a), reversed(b), reversed(c), Buffer.from(d + e, 'hex')]).toString('base64')
}

/** The GUID of 16 such bytes. Other bytes → InvalidRetentionTagIdGuid. */
function unpacked(base64: string): string {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== 16) throw new Refusal('InvalidRetentionTagIdGuid', `A retention tag is named by a GUID of 16 bytes, not ${bytes.length}.`) // prettier-ignore
  const reversed = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), bytes.toString('hex', 8, 10), bytes.toString('hex', 10)].join('-')
}

/** [MS-OXCMSG] 2.2.1.58 PidTagPolicyTag, PidTagArchiveTag: the id alone of what EWS calls PolicyTag and ArchiveTag. */
function tag(number: number, on: 'item' | 'folder', property: string, element: string): MapiAlias {
  return {
    property: { tag: number, type: 'Binary' },
    on: [on],
    needs: [property],
    read: (get) => packed(String((get(property) as Tree | undefined)?.children?.[0] ?? '')),
    write: (value) => ({
      [property]:
        value === undefined ? undefined : { name: element, attributes: { IsExplicit: 'true' }, children: [unpacked(String(value))] },
    }),
  }
}

export const retentionAliases: readonly MapiAlias[] = [
  tag(0x3019, 'item', 'policyTag', 'PolicyTag'),
  tag(0x3018, 'item', 'archiveTag', 'ArchiveTag'),
  tag(0x3019, 'folder', 'folderPolicyTag', 'PolicyTag'),
  tag(0x3018, 'folder', 'folderArchiveTag', 'ArchiveTag'),
]
