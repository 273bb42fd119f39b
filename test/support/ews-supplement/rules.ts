/** Inbox rules, after [MS-OXWSRULES]. */
import { element, maybe, type, arrayOf, inline, answer } from './xsd.ts'

export const types: readonly string[] = [
  arrayOf('ArrayOfRules', 'Rule', 't:AnyContent'),
  arrayOf('ArrayOfRuleOperationErrors', 'RuleOperationError', 't:AnyContent'),
  type('CreateRuleOperation', element('Rule', 't:AnyContent')),
  type('DeleteRuleOperation', element('RuleId', 'xs:string')),
  '<xs:complexType name="ArrayOfRuleOperations"><xs:choice minOccurs="0" maxOccurs="unbounded">',
  element('CreateRuleOperation', 't:CreateRuleOperation'),
  element('SetRuleOperation', 't:CreateRuleOperation'),
  element('DeleteRuleOperation', 't:DeleteRuleOperation'),
  '</xs:choice></xs:complexType>',
]

export const messages: readonly string[] = [
  inline('GetInboxRules', maybe('MailboxSmtpAddress', 'xs:string')),
  answer('GetInboxRulesResponse', maybe('OutlookRuleBlobExists', 'xs:boolean'), maybe('InboxRules', 't:ArrayOfRules')),
  inline(
    'UpdateInboxRules',
    maybe('MailboxSmtpAddress', 'xs:string'),
    maybe('RemoveOutlookRuleBlob', 'xs:boolean'),
    element('Operations', 't:ArrayOfRuleOperations'),
  ),
  answer('UpdateInboxRulesResponse', maybe('RuleOperationErrors', 't:ArrayOfRuleOperationErrors')),
]
