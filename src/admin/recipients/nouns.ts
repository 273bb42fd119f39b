import { mailboxKinds, recipientTypes, type RecipientKind } from '#directory'

export type Noun =
  'Mailbox' | 'User' | 'MailUser' | 'RemoteMailbox' | 'MailContact' | 'Contact' | 'DistributionGroup' | 'Group' | 'CASMailbox' | 'Recipient'

/** What a cmdlet's noun stands for among the recipients. */
export interface NounRow {
  readonly noun: Noun
  /** Words of RecipientTypeDetails. */
  readonly types: readonly string[]
  /** Of types that are shown only when they are asked for. */
  readonly apart?: readonly string[]
  /** What one is called, and many. */
  readonly one: string
  readonly many: string
}

const detailsOf = (...kinds: readonly RecipientKind[]): string[] =>
  recipientTypes.filter((row) => kinds.includes(row.kind)).map(({ details }) => details)
const mailUsers = detailsOf('MailUser')
const remote = mailUsers.filter((details) => details.startsWith('Remote'))
const mailboxes = detailsOf(...mailboxKinds)
/** Public folder mailboxes, which are nobody's and stand among no others. */
const publicFolders = detailsOf('PublicFolderMailbox')
const withMail = [...mailboxes, ...mailUsers, ...detailsOf('MailContact', 'DistributionGroup', 'RoomList')]

const rows: readonly NounRow[] = [
  { noun: 'Mailbox', types: mailboxes, apart: publicFolders, one: 'mailbox', many: 'mailboxes here' },
  { noun: 'CASMailbox', types: mailboxes, one: 'mailbox', many: 'mailboxes with the protocols they may use' },
  { noun: 'RemoteMailbox', types: remote, one: 'remote mailbox', many: 'people whose mailbox is on the other side of the organisation' },
  { noun: 'MailUser', types: ['MailUser'], one: 'mail user', many: 'people with an account here and mail elsewhere' },
  { noun: 'MailContact', types: ['MailContact'], one: 'mail contact', many: 'contacts with mail elsewhere' },
  { noun: 'User', types: [...mailboxes, ...mailUsers, 'User'], one: 'user', many: 'people with an account here' },
  { noun: 'Contact', types: ['MailContact', 'Contact'], one: 'contact', many: 'contacts, with mail or without' },
  { noun: 'DistributionGroup', types: detailsOf('DistributionGroup', 'RoomList'), one: 'distribution group', many: 'groups with mail and room lists' },
  { noun: 'Group', types: detailsOf('DistributionGroup', 'RoomList', 'Group'), one: 'group', many: 'groups, with mail or without' },
  { noun: 'Recipient', types: withMail, apart: publicFolders, one: 'recipient', many: 'everybody and everything with mail' },
] // prettier-ignore

export const nouns = Object.fromEntries(rows.map((row) => [row.noun, row])) as Readonly<Record<Noun, NounRow>>

/** Roles that show recipients, and those that change them (Exchange's "Recipients permissions"). */
export const viewing = ['Mail Recipients', 'Mail Recipient Creation', 'View-Only Recipients']
export const changing = ['Mail Recipients']
export const creating = ['Mail Recipient Creation']
export const grouping = ['Distribution Groups']
