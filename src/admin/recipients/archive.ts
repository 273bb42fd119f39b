import type { Recipient } from '#directory'
import { usualArchive } from '#mailbox'
import { ByteSize, Refusal } from '#model'
import * as take from '../registry/parameter.ts'
import type { Noun } from './nouns.ts'
import { plainText, shown, size, type RecipientProperty } from './property.ts'

const noGuid = '00000000-0000-0000-0000-000000000000'

/** What is to be said of an archive that is not there is said of none → InvalidParameter. */
function archiveOf(name: string, { archive, displayName }: Recipient): NonNullable<Recipient['archive']> {
  if (archive) return archive
  throw new Refusal('InvalidParameter', `-${name}: '${displayName}' has no archive; Enable-Mailbox -Archive makes one.`, {
    parameter: name,
  })
}

const quota = (name: string, key: keyof typeof usualArchive, nouns: readonly Noun[]): RecipientProperty => ({
  ...size(
    name,
    { nouns },
    ({ archive }) => archive?.[key],
    (current, bytes) => ({ archive: { ...archiveOf(name, current), [key]: bytes ?? Number.MAX_SAFE_INTEGER } }),
  ),
  get: ({ archive }) => {
    const bytes = archive?.[key] ?? usualArchive[key]
    return new ByteSize(bytes === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : bytes)
  },
})

/** The archive of a mailbox, as Get-Mailbox shows it and Set-Mailbox changes it. */
export const archiveProperties = (nouns: readonly Noun[]): readonly RecipientProperty[] => [
  shown('ArchiveGuid', nouns, ({ archive }) => archive?.mailbox ?? noGuid),
  {
    ...shown('ArchiveName', nouns, ({ archive }) => (archive ? [archive.name] : [])),
    readOnly: false,
    made: nouns,
    parameter: take.optional(take.string(), { summary: 'What the archive is called.' }),
    set: (value) => {
      const name = plainText('ArchiveName', value, 256)
      return (current) => ({ archive: { ...archiveOf('ArchiveName', current), name } })
    },
  },
  shown('ArchiveStatus', nouns, ({ archive }) => (archive ? 'Active' : 'None')),
  shown('ArchiveState', nouns, ({ archive }) => (archive ? 'Local' : 'None')),
  quota('ArchiveQuota', 'quota', nouns),
  quota('ArchiveWarningQuota', 'warningQuota', nouns),
]
