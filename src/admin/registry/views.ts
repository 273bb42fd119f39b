// table
/** Columns of `Format-Table` by kind of object, as the shell of Exchange shows them. */
const columns: Readonly<Record<string, readonly string[]>> = {
  Mailbox: ['Name', 'Alias', 'ServerName', 'ProhibitSendQuota'],
}

/** The columns of a kind of object; none known → undefined, and the shell takes the first properties. */
export const columnsOf = (type: string): readonly string[] | undefined => (Object.hasOwn(columns, type) ? columns[type] : undefined)
