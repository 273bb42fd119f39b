import { succeeded, textsOf, type RawEws } from '../clients/raw-ews.ts'

/** Subjects of a whole folder, of another mailbox when its address is given, page by page. */
export async function subjectsIn(ews: RawEws, folder: string, address = ''): Promise<string[]> {
  const mailbox = address ? `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox>` : ''
  const subjects: string[] = []
  for (let offset = 0; ; offset += 500) {
    const answer = succeeded(
      await ews.call(
        `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape>` +
          `<m:IndexedPageItemView MaxEntriesReturned="500" Offset="${offset}" BasePoint="Beginning"/><m:ParentFolderIds><t:DistinguishedFolderId Id="${folder}">${mailbox}</t:DistinguishedFolderId></m:ParentFolderIds></m:FindItem>`,
      ),
    )
    subjects.push(...textsOf(answer, 't:Subject'))
    if (/IncludesLastItemInRange="true"/.test(answer)) return subjects
  }
}

/** How often each is there. */
export function counts(subjects: string[]): Map<string, number> {
  const counted = new Map<string, number>()
  for (const subject of subjects) counted.set(subject, (counted.get(subject) ?? 0) + 1)
  return counted
}
