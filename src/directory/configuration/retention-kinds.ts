// table
/** Kinds of retention: what is done with items of an age, and which of that holds for a mailbox. */
import { builtInGuid } from './fixed-guid.ts'
import { kind, type BuiltIn } from './kind.ts'
import { ageLimit, flag, form, guid, kept, list, onlyNew, oneOf, starting, state, text, unique } from './property.ts'

/** What a tag is for: one default folder, everything (`All`), or whatever people choose (`Personal`). */
export const retentionTagTypes = [
  'Calendar', 'Contacts', 'DeletedItems', 'Drafts', 'Inbox', 'JunkEmail', 'Journal', 'Notes', 'Outbox', 'SentItems', 'Tasks', 'All',
  'ManagedCustomFolder', 'RssSubscriptions', 'SyncIssues', 'ConversationHistory', 'Personal', 'RecoverableItems',
] as const // prettier-ignore
export type RetentionTagType = (typeof retentionTagTypes)[number]

export const retentionActions = [
  'MoveToDeletedItems',
  'MoveToArchive',
  'DeleteAndAllowRecovery',
  'PermanentlyDelete',
  'MarkAsPastRetentionLimit',
] as const
export type RetentionAction = (typeof retentionActions)[number]

/** `de: 1 Monat`, `de-DE:1 Monat`. */
const localised = () => form(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\s*:\s*\S.{0,255}$/u, 'a language, a colon and the text (de-DE: 1 Monat)')

const days = (number: number) => `${number}.00:00:00`
const personal = (name: string, action: RetentionAction, age: number | undefined): BuiltIn => ({
  name,
  values: {
    Type: 'Personal',
    RetentionAction: action,
    ...(age === undefined ? { RetentionEnabled: false } : { AgeLimitForRetention: days(age) }),
  },
})

/** The tags of Exchange's default policy. */
const builtInTags: readonly BuiltIn[] = [
  { name: 'Default 2 year move to archive', values: { Type: 'All', RetentionAction: 'MoveToArchive', AgeLimitForRetention: days(730) } },
  {
    name: 'Recoverable Items 14 days move to archive',
    values: { Type: 'RecoverableItems', RetentionAction: 'MoveToArchive', AgeLimitForRetention: days(14) },
  },
  personal('Personal 1 year move to archive', 'MoveToArchive', 365),
  personal('Personal 5 year move to archive', 'MoveToArchive', 1825),
  personal('Personal never move to archive', 'MoveToArchive', undefined),
  personal('1 Week Delete', 'DeleteAndAllowRecovery', 7),
  personal('1 Month Delete', 'DeleteAndAllowRecovery', 30),
  personal('6 Month Delete', 'DeleteAndAllowRecovery', 180),
  personal('1 Year Delete', 'DeleteAndAllowRecovery', 365),
  personal('5 Year Delete', 'DeleteAndAllowRecovery', 1825),
  personal('Never Delete', 'DeleteAndAllowRecovery', undefined),
]

/** Exchange's own policy, which a mailbox with an archive gets that has none. */
export const defaultRetentionPolicy = 'Default MRM Policy'

export const retentionKinds = {
  RetentionPolicyTag: kind({
    source: 'New-RetentionPolicyTag',
    name: 'given',
    properties: {
      Type: onlyNew(oneOf(retentionTagTypes, 'All')),
      AgeLimitForRetention: ageLimit(),
      RetentionEnabled: flag(true),
      RetentionAction: oneOf(retentionActions, 'MoveToDeletedItems'),
      /** By this items and folders name it: it stays when the tag is renamed. */
      RetentionId: unique(guid(), 'retention id'),
      MessageClass: starting(text(255), '*'),
      Comment: text(1024),
      LocalizedComment: list(localised(), 100),
      LocalizedRetentionPolicyTagName: list(localised(), 100),
      MustDisplayCommentEnabled: kept(flag(false)),
      SystemTag: kept(flag(false)),
    },
    builtIn: builtInTags,
    ownGuid: 'RetentionId',
    check: ({ Type, RetentionAction, RetentionEnabled, AgeLimitForRetention, MessageClass }) => {
      if (RetentionAction === 'MoveToArchive' && !['All', 'Personal', 'RecoverableItems'].includes(Type)) {
        return `a tag for ${Type} does not move to the archive: only tags of type All, Personal and RecoverableItems do`
      }
      if (Type === 'RecoverableItems' && RetentionAction !== 'MoveToArchive')
        return 'a tag for RecoverableItems moves to the archive (-RetentionAction MoveToArchive)'
      if (RetentionEnabled && AgeLimitForRetention === 'Unlimited' && Type !== 'Personal') {
        return 'it needs AgeLimitForRetention while it is enabled'
      }
      if (!/^(\*|[\w.*-]{1,255})$/u.test(MessageClass)) return 'MessageClass is a class of items, or * for all of them'
      return undefined
    },
  }),
  RetentionPolicy: kind({
    source: 'New-RetentionPolicy',
    name: 'given',
    properties: {
      /** GUIDs of tags: a tag that is renamed stays in it. */
      RetentionPolicyTagLinks: list(text(256), 200),
      RetentionId: unique(guid(), 'retention id'),
      IsDefault: flag(false),
      IsDefaultArbitrationMailbox: state(flag(false)),
    },
    builtIn: [
      {
        name: defaultRetentionPolicy,
        values: (organisation) => ({
          IsDefault: true,
          RetentionPolicyTagLinks: builtInTags.map(({ name }) => builtInGuid(organisation, 'RetentionPolicyTag', name)),
        }),
      },
    ],
    ownGuid: 'RetentionId',
    foremost: 'IsDefault',
  }),
} as const
