/** What a rule asks and does, as a form has it: rows of names with what is filled in. */
import type { Question } from '../app/api.ts'

type Rule = Question<'saveRule'>
type Predicates = Rule['conditions']
type Actions = Rule['actions']
export type PartName = keyof Predicates | keyof Actions
/** How a part is filled in: a flag is there or not; words and people stand one in a line; else a choice. */
export type Kind = 'flag' | 'words' | 'people' | 'folder' | 'dates' | 'sizes' | 'importance' | 'sensitivity' | 'flagged'
/** What is written in the fields of the parts that were chosen. */
export type Filled = Partial<Record<PartName, readonly string[]>>
type Rows = Partial<Record<PartName, Kind>>

export const choices = {
  importance: ['Low', 'Normal', 'High'],
  sensitivity: ['Normal', 'Personal', 'Private', 'Confidential'],
  flagged: ['Any', 'Call', 'DoNotForward', 'FollowUp', 'FYI', 'Forward', 'NoResponseNecessary', 'Read', 'Reply', 'ReplyToAll', 'Review'],
} as const

export const predicateRows: Record<keyof Predicates, Kind> = {
  FromAddresses: 'people',
  ContainsSenderStrings: 'words',
  SentToAddresses: 'people',
  ContainsRecipientStrings: 'words',
  ContainsSubjectStrings: 'words',
  ContainsBodyStrings: 'words',
  ContainsSubjectOrBodyStrings: 'words',
  ContainsHeaderStrings: 'words',
  SentToMe: 'flag',
  SentOnlyToMe: 'flag',
  SentCcMe: 'flag',
  SentToOrCcMe: 'flag',
  NotSentToMe: 'flag',
  HasAttachments: 'flag',
  IsMeetingRequest: 'flag',
  IsMeetingResponse: 'flag',
  IsAutomaticReply: 'flag',
  IsAutomaticForward: 'flag',
  IsNDR: 'flag',
  IsReadReceipt: 'flag',
  IsSigned: 'flag',
  IsEncrypted: 'flag',
  Importance: 'importance',
  Sensitivity: 'sensitivity',
  FlaggedForAction: 'flagged',
  Categories: 'words',
  WithinDateRange: 'dates',
  WithinSizeRange: 'sizes',
}

export const actionRows: Record<keyof Actions, Kind> = {
  MoveToFolder: 'folder',
  CopyToFolder: 'folder',
  Delete: 'flag',
  PermanentDelete: 'flag',
  AssignCategories: 'words',
  MarkImportance: 'importance',
  MarkAsRead: 'flag',
  ForwardToRecipients: 'people',
  ForwardAsAttachmentToRecipients: 'people',
  RedirectToRecipients: 'people',
  StopProcessingRules: 'flag',
}

interface Person {
  name?: string | undefined
  address?: string | undefined
}

const lastOfDay = 86_400_000 - 1
const dayOf = (instant: unknown) =>
  typeof instant === 'number' ? new Date(instant - new Date(instant).getTimezoneOffset() * 60_000).toISOString().slice(0, 10) : ''
const lines = (text = '') => text.split('\n').map((line) => line.trim()).filter(Boolean) // prettier-ignore
const written = (value: unknown) => (value === undefined ? '' : String(value))

function personOf(line: string): Person & { address: string } {
  const [, name = '', address = ''] = /^(.*)<([^<>]+)>$/.exec(line) ?? []
  return address ? { name: name.trim(), address: address.trim() } : { address: line }
}

/** What stands in the fields of a rule that there is. */
export function filledFrom(rows: Rows, values: object): Filled {
  const filled: Filled = {}
  for (const [name, value] of Object.entries(values) as [PartName, unknown][]) {
    const kind = rows[name]
    if (kind === undefined || value === undefined || value === false) continue
    const range = value as { from?: number; to?: number; least?: number; most?: number }
    if (kind === 'flag') filled[name] = []
    else if (kind === 'words') filled[name] = [(value as string[]).join('\n')]
    else if (kind === 'people')
      filled[name] = [(value as Person[]).map(({ name: called, address = '' }) => (called && called !== address ? `${called} <${address}>` : address)).join('\n')] // prettier-ignore
    else if (kind === 'dates') filled[name] = [dayOf(range.from), dayOf(range.to)]
    else if (kind === 'sizes') filled[name] = [written(range.least), written(range.most)]
    else filled[name] = [String(value)]
  }
  return filled
}

/** The same as the site takes it; what is left empty is left out: `isWhole` says whether anything is. */
export function valuesFrom(rows: Rows, filled: Filled): Record<string, unknown> {
  const values = (Object.entries(filled) as [PartName, readonly string[]][]).map(([name, fields]) => [name, valueOf(rows[name], fields)])
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}

/** Whether every part that was chosen is filled in. */
export const isWhole = (rows: Rows, filled: Filled): boolean => Object.keys(valuesFrom(rows, filled)).length === Object.keys(filled).length

function valueOf(kind: Kind | undefined, [first = '', second = '']: readonly string[]): unknown {
  if (kind === 'flag') return true
  const entries = lines(first)
  if (kind === 'words') return entries.length > 0 ? entries : undefined
  if (kind === 'people') return entries.length > 0 ? entries.map(personOf) : undefined
  if (kind === 'dates') {
    const range = {
      from: first ? Date.parse(`${first}T00:00`) : undefined,
      to: second ? Date.parse(`${second}T00:00`) + lastOfDay : undefined,
    }
    return first || second ? range : undefined
  }
  if (kind === 'sizes') return first || second ? { least: first ? Number(first) : undefined, most: second ? Number(second) : undefined } : undefined // prettier-ignore
  if (first === '') return undefined
  return kind === 'folder' ? Number(first) : first
}
