/** True of a row whose item has a retention tag of its own; the same words in the index and in whatever asks, so that the index serves. */
export const hasOwnTag = (table: 'items' | ''): string => {
  const column = table ? `"${table}"."properties"` : '"properties"'
  return `(${column} like '%"policyTag":%' or ${column} like '%"archiveTag":%')`
}
