/** The directory: organisations, accepted domains and recipients. What `createDirectory` returns. */
import type { Base64, Caller, Instant } from '#model'
import type { RecipientFilter } from './filter/contract.ts'

export type RecipientKind =
  | 'UserMailbox'
  | 'SharedMailbox'
  | 'RoomMailbox'
  | 'EquipmentMailbox' // have a mailbox here
  | 'DiscoveryMailbox' // takes what searches find: the transport takes no mail for it
  | 'PublicFolderMailbox' // holds public folders, and is nobody: no mail, no account
  | 'MailUser'
  | 'MailContact' // have their mailbox elsewhere
  | 'DistributionGroup'
  | 'RoomList' // have members
  | 'User'
  | 'Contact'
  | 'Group' // have no mail: what is left of a person, a contact or a group whose mail was taken away

export interface Organisation {
  id: string
  name: string
  /** `/o=Contoso` … the prefix of legacyExchangeDNs. */
  legacyDn: string
  defaultDomain: string
  settings: Record<string, unknown>
}

export interface AcceptedDomain {
  organisation: string
  domain: string
  /** `Authoritative`: unknown recipients are refused; `InternalRelay`: unknown ones go on to the next hop. */
  type: 'Authoritative' | 'InternalRelay' | 'ExternalRelay'
}

export interface Recipient {
  id: string
  organisation: string
  kind: RecipientKind
  /** GUID of the mailbox in the store; empty for recipients without one. */
  mailbox: string
  /** Of a public folder mailbox, in place of `mailbox`: GUID under which the store keeps its folders, which are opened as public folders alone. */
  publicFolders?: string
  /** The one public folder mailbox of its organisation that holds the hierarchy. */
  publicFolderRoot?: boolean
  alias: string
  /** Exchange's `Name`; absent = the display name. */
  name?: string
  displayName: string
  /** Primary SMTP address, lower case. */
  address: string
  /** All of them with prefix: `SMTP:` the primary, `smtp:` others, `X500:` … */
  proxyAddresses: string[]
  legacyExchangeDn: string
  userPrincipalName: string
  sid: string
  firstName?: string
  lastName?: string
  initials?: string
  title?: string
  department?: string
  company?: string
  office?: string
  street?: string
  city?: string
  state?: string
  postalCode?: string
  country?: string
  /** By EWS phone key: `BusinessPhone`, `MobilePhone`, `HomePhone`, … */
  phones?: Record<string, string>
  /** Recipient GUID. */
  manager?: string
  notes?: string
  webPage?: string
  assistant?: string
  simpleDisplayName?: string
  /** `CustomAttribute1` … `CustomAttribute15`, and `ExtensionCustomAttribute1` … `5`, which are lists, by these names. */
  customAttributes?: Record<string, string>
  extensionAttributes?: Record<string, string[]>
  /** When it was made and when last changed; absent for what is older than these fields. */
  created?: Instant
  changed?: Instant
  hiddenFromAddressLists?: boolean
  /** Where mail for a MailUser or MailContact goes (its target address). */
  externalAddress?: string
  /** A MailUser whose mailbox is on the other side of the same organisation: what kind of mailbox it is there. */
  remoteMailbox?: 'UserMailbox' | 'SharedMailbox' | 'RoomMailbox' | 'EquipmentMailbox'
  /** Forwarding of a mailbox: recipient GUID, and whether the mailbox keeps a copy. */
  forwardTo?: string
  deliverAndForward?: boolean
  /** Forwarding to an address of any organisation. */
  forwardingAddress?: string
  /** Rights on the whole mailbox, as recipient GUIDs (users or groups). */
  fullAccess: string[]
  /** Of those with full access, whose programs do not open the mailbox by themselves (`-AutoMapping $false`). */
  noAutoMapping?: string[]
  sendAs: string[]
  sendOnBehalf: string[]
  /** Groups: recipient GUIDs. */
  members: string[]
  managedBy: string[]
  /** What a sender is told of the recipient before sending, and the same in other languages, by culture (`de`, `de-DE`). */
  mailTip?: string
  mailTipTranslations?: Record<string, string>
  /** Bytes of a message that the recipient takes; absent = the organisation's limit. */
  maxReceiveSize?: number
  /** Whose messages alone are taken (none named = everybody's), and whose are not, as recipient GUIDs (people or groups). */
  acceptMessagesOnlyFrom?: string[]
  rejectMessagesFrom?: string[]
  /** Messages from outside the organisation are not taken. */
  requireSenderAuthentication?: boolean
  /** Messages wait for a moderator: one of `managedBy`. */
  moderationEnabled?: boolean
  /** Rooms and equipment. */
  capacity?: number
  /** A group that may be given rights (`-Type Security`). */
  security?: boolean
  /** The mailbox goes by the quotas of its database; absent = unless it has some of its own. */
  databaseQuotas?: boolean
  /** Its own, in bytes; absent = without limit. */
  quotas?: { issueWarning?: number; prohibitSend?: number; prohibitSendReceive?: number }
  /** Nobody signs in as it. */
  accountDisabled?: boolean
  /** EWS is refused to it (Set-CASMailbox -EwsEnabled $false). */
  ewsDisabled?: boolean
  /** The archive: a second mailbox of the same owner, by its GUID; sizes in bytes, absent = Exchange's own. */
  archive?: { mailbox: string; name: string; quota?: number; warningQuota?: number }
  /** Names of the policies that are for it; absent = the organisation's default. */
  roleAssignmentPolicy?: string
  authenticationPolicy?: string
  /** Settings by Exchange's name, of which the rows of `#admin` say whether anything acts on them. */
  kept?: Record<string, string | number | boolean | readonly string[]>
  timeZone?: string
  culture?: string
}

export interface RecipientSearch {
  organisation: string
  types: readonly string[]
  filter?: RecipientFilter
  /** A filterable property with one value, by Exchange's name; absent = `Name`. */
  sortBy?: string
  descending?: boolean
  /** `next` of the page before. */
  after?: FoundRecipients['next']
  /** At most 10,000. */
  limit: number
}

export interface FoundRecipients {
  recipients: Recipient[]
  next?: readonly [key: string | number, id: string]
}

export interface Directory {
  organisation(id: string): Promise<Organisation | undefined>
  organisationNamed(name: string): Promise<Organisation | undefined>
  createOrganisation(input: { name: string; defaultDomain: string; settings?: Record<string, unknown> }): Promise<Organisation>
  organisations(): Promise<Organisation[]>
  acceptedDomain(domain: string): Promise<AcceptedDomain | undefined>
  acceptedDomains(organisation: string): Promise<AcceptedDomain[]>
  addAcceptedDomain(domain: AcceptedDomain): Promise<void>
  /** Changes its type, or makes it the one that new addresses get. Not one of the organisation's → ObjectNotFound. */
  changeAcceptedDomain(organisation: string, domain: string, changes: { type?: AcceptedDomain['type']; isDefault?: true }): Promise<void>
  /** The default one, or one that a recipient has an address or sign-in name in → InvalidConfiguration, naming it. */
  removeAcceptedDomain(organisation: string, domain: string): Promise<void>

  recipient(organisation: string, id: string): Promise<Recipient | undefined>
  /** By GUID of the mailbox, or of what a public folder mailbox holds. */
  recipientOfMailbox(organisation: string, mailbox: string): Promise<Recipient | undefined>
  /** The public folder mailbox that holds the hierarchy of the organisation's public folders; undefined where there are none. */
  publicFolderRoot(organisation: string): Promise<Recipient | undefined>
  /** By UPN alone: another recipient may have it as an address. */
  recipientOfUpn(organisation: string, userPrincipalName: string): Promise<Recipient | undefined>
  /**
   * By any proxy address, UPN, legacyExchangeDN or SID, in whatever organisation owns its domain when none is given; by alias too when one is.
   * A public folder mailbox is not found so: nobody signs in as it, writes to it or opens it by its address.
   */
  find(identity: string, organisation?: string): Promise<Recipient | undefined>
  /**
   * Everybody of the organisation whom an identity of a cmdlet names: one by GUID, address, alias, `DOMAIN\\alias`, UPN, SID or DN, else those
   * with this name or display name, hidden ones too, at most 20.
   */
  identify(organisation: string, identity: string): Promise<Recipient[]>
  /** Ambiguous name resolution: exact address, else every word a prefix of a name, alias or address. Hidden ones left out. */
  resolve(organisation: string, text: string, limit: number): Promise<Recipient[]>
  /**
   * Recipients by a filter, in the order of one property, page by page. `types` are words of RecipientTypeDetails. What the filter's
   * properties are, says `readFilter`; a `sortBy` that cannot be sorted by → InvalidParameter.
   */
  search(search: RecipientSearch): Promise<FoundRecipients>
  /** Reads an OPATH filter; what it says of other recipients (managers, groups) is looked up. Not to be read → InvalidParameter with `position`. */
  readFilter(organisation: string, text: string): Promise<RecipientFilter>
  list(organisation: string, kinds: RecipientKind[], after: string, limit: number): Promise<Recipient[]>
  /**
   * Creates; fills what is left out (address from alias, GUIDs, SID, legacyExchangeDN). Address taken → NameTaken. Makes no mailbox content. The first
   * public folder mailbox of an organisation is the root of its public folders.
   */
  create(organisation: string, input: Partial<Recipient> & { kind: RecipientKind; displayName: string; alias: string }): Promise<Recipient>
  /**
   * Changes, or what a function makes of the recipient as it is. Somebody else changed it meanwhile → StaleObject; a mailbox that is taken away
   * while something holds it → MailboxOnHold, unless holds are ignored.
   */
  update(
    organisation: string,
    id: string,
    changes: Partial<Recipient> | ((current: Recipient) => Partial<Recipient>),
    options?: { ignoreHold?: boolean },
  ): Promise<Recipient>
  /**
   * Removes; of the mailbox the content stays in the store, disconnected, unless `content` says that it goes too. The root of the public folders goes
   * last, and empty → else InvalidConfiguration. Held → MailboxOnHold, as `update`.
   */
  remove(organisation: string, id: string, options?: { content?: boolean; ignoreHold?: boolean }): Promise<void>
  /** Direct members with mail, in order. */
  members(group: Recipient): Promise<Recipient[]>
  /** Everyone a group leads to, nested groups opened once each (loops end), at most `limit`. */
  expand(group: Recipient, limit: number): Promise<Recipient[]>
  /** GUIDs of all groups the recipient is in, nested ones included. */
  groupsOf(organisation: string, recipient: string): Promise<string[]>
  /** The holds by query that keep a mailbox, as they are shown (InPlaceHolds). */
  heldBy(organisation: string, mailbox: string): Promise<string[]>
  /** Mailboxes that the recipient has full access to, directly or by a group; not its own. For Autodiscover's alternate mailboxes. */
  mailboxesOpenTo(recipient: Recipient): Promise<Recipient[]>
  photo(recipient: Recipient): Promise<{ contentType: string; data: Base64; etag: string } | undefined>
  setPhoto(recipient: Recipient, photo: { contentType: string; data: Base64 } | undefined): Promise<void>
  /** The caller that this recipient is, with groups. */
  callerFor(recipient: Recipient): Promise<Caller>

  /** argon2id; the plain text is never kept or logged. */
  setPassword(recipient: Recipient, password: string): Promise<void>
  /** For nobody (`undefined`) it takes as long and says no, so that time does not tell who exists. */
  checkPassword(recipient: Recipient | undefined, password: string): Promise<boolean>
  /** What is another number after every change of the password; 0 without one. */
  passwordVersion(recipient: Recipient): Promise<number>
  /** When the password was set; undefined without one, or where that was not written down. */
  passwordChanged(recipient: Recipient): Promise<Instant | undefined>
  /**
   * The NT hash for NTLMv2, and what is another with every password: of those whose password was set while NTLM was on.
   * For nobody, and who is disabled, undefined.
   */
  ntHash(recipient: Recipient | undefined): Promise<{ hash: Buffer; version: string } | undefined>
  /** Forgets the NT hashes of an organisation: NTLM is off. */
  forgetNtHashes(organisation: string): Promise<void>
}
