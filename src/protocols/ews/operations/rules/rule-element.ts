import type { InboxRule, NewRule, RuleActions, RulePredicates, RuleProblem } from '#mailbox'
import { Refusal } from '#model'
import type { RuleActionsElement, RuleElement, RulePredicatesElement, TargetFolderId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { folderIdElement, itemIdElement } from '../../convert/item.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { itemRefOf } from '../../ids/ews-id.ts'

/** A rule as EWS shows it ([MS-OXWSRULES] 2.2.4.12). Empty parts are left out. */
export function ruleElement(mailbox: string, { id, name, priority, enabled, inError, ...parts }: InboxRule): RuleElement {
  const { conditions, exceptions, actions } = parts
  return {
    RuleId: id,
    DisplayName: name,
    Priority: priority,
    IsEnabled: enabled,
    IsInError: inError === true,
    ...filled('Conditions', predicatesElement(conditions)),
    ...filled('Exceptions', predicatesElement(exceptions)),
    ...filled('Actions', actionsElement(mailbox, actions)),
  }
}

function filled<N extends string, T extends object>(name: N, value: T): Partial<Record<N, T>> {
  return Object.keys(value).length > 0 ? ({ [name]: value } as Record<N, T>) : {}
}

function predicatesElement({ WithinDateRange: dates, WithinSizeRange: sizes, ...same }: RulePredicates): RulePredicatesElement {
  return {
    ...same,
    ...(dates ? { WithinDateRange: present({ StartDateTime: dates.from, EndDateTime: dates.to }) } : {}),
    ...(sizes ? { WithinSizeRange: present({ MinimumSize: sizes.least, MaximumSize: sizes.most }) } : {}),
  }
}

function actionsElement(mailbox: string, actions: RuleActions): RuleActionsElement {
  const { CopyToFolder, MoveToFolder, ServerReplyWithMessage, ...same } = actions
  const folder = (id: number): TargetFolderId => ({ Folder: { is: 'FolderId', value: folderIdElement(mailbox, id) } })
  return {
    ...same,
    ...(CopyToFolder === undefined ? {} : { CopyToFolder: folder(CopyToFolder) }),
    ...(MoveToFolder === undefined ? {} : { MoveToFolder: folder(MoveToFolder) }),
    ...(ServerReplyWithMessage === undefined ? {} : { ServerReplyWithMessage: itemIdElement({ mailbox, id: ServerReplyWithMessage }) }),
  }
}

/** The rule that a client gives, and what of its ids cannot be followed. `IsInError` is the server's to say and is passed over. */
export async function newRule(
  context: EwsContext,
  mailbox: string,
  element: RuleElement,
): Promise<{ rule: NewRule; problems: Omit<RuleProblem, 'change'>[] }> {
  const problems: Omit<RuleProblem, 'change'>[] = []
  const { RuleId, DisplayName: name, Priority: priority, IsEnabled: enabled } = element
  if (element.IsNotSupported) {
    problems.push({ field: 'IsNotSupported', code: 'NotSettable', message: 'The server alone says what it supports.', value: 'true' })
  }
  const actions = await newActions(context, mailbox, element.Actions ?? {}, problems)
  const conditions = newPredicates(element.Conditions ?? {})
  const exceptions = newPredicates(element.Exceptions ?? {})
  return { rule: { ...(RuleId ? { id: RuleId } : {}), name, priority, enabled, conditions, exceptions, actions }, problems }
}

function newPredicates({ WithinDateRange: dates, WithinSizeRange: sizes, ...same }: RulePredicatesElement): RulePredicates {
  return asked({
    ...same,
    ...(dates ? { WithinDateRange: present({ from: dates.StartDateTime, to: dates.EndDateTime }) } : {}),
    ...(sizes ? { WithinSizeRange: present({ least: sizes.MinimumSize, most: sizes.MaximumSize }) } : {}),
  })
}

async function newActions(
  context: EwsContext,
  mailbox: string,
  { CopyToFolder, MoveToFolder, ServerReplyWithMessage, ...same }: RuleActionsElement,
  problems: Omit<RuleProblem, 'change'>[],
): Promise<RuleActions> {
  const within = async (field: string, code: RuleProblem['code'], value: string, find: () => Promise<{ mailbox: string; id: number }>) => {
    try {
      const found = await find()
      if (found.mailbox === mailbox) return found.id
      problems.push({ field, code, message: 'Rules stay within their mailbox.', value })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      problems.push({ field, code: error.kind === 'notFound' ? 'FolderDoesNotExist' : code, message: error.message, value })
    }
    return undefined
  }
  const folder = (field: string, target: TargetFolderId) =>
    within(field, 'InvalidFolderId', target.Folder.value.Id.slice(0, 255), async () => {
      const { row } = await context.mailboxes.getFolder(context.caller, await targetFolderRef(context, target))
      return { mailbox: row.mailbox, id: row.id }
    })
  const copyTo = CopyToFolder && (await folder('Action:CopyToFolder', CopyToFolder))
  const moveTo = MoveToFolder && (await folder('Action:MoveToFolder', MoveToFolder))
  const template =
    ServerReplyWithMessage &&
    (await within('Action:ServerReplyWithMessage', 'InvalidValue', ServerReplyWithMessage.Id.slice(0, 255), async () =>
      itemRefOf(ServerReplyWithMessage.Id),
    ))
  return asked({
    ...same,
    ...(copyTo === undefined ? {} : { CopyToFolder: copyTo }),
    ...(moveTo === undefined ? {} : { MoveToFolder: moveTo }),
    ...(template === undefined ? {} : { ServerReplyWithMessage: template }),
  })
}

/** Without what is not asked for: `false` says the same as nothing. */
function asked<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== false)) as T
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
