/** Keyword statistics of eDiscovery, whose request the public files leave out: its members as ews-javascript-api and the documentation of 2010 SP1 have them. */
import { arrayOf, element, inline, maybe, words } from './xsd.ts'

export const types: readonly string[] = [
  words(
    'SearchItemKindType',
    'Email',
    'Meetings',
    'Tasks',
    'Notes',
    'Docs',
    'Journals',
    'Contacts',
    'Im',
    'Voicemail',
    'Faxes',
    'Posts',
    'Rssfeeds',
  ),
  arrayOf('ArrayOfSearchItemKindsType', 'SearchItemKind', 't:SearchItemKindType'),
  arrayOf('ArrayOfUserMailboxesType', 'UserMailbox', 't:UserMailboxType'),
]

export const messages: readonly string[] = [
  inline(
    'FindMailboxStatisticsByKeywords',
    element('Mailboxes', 't:ArrayOfUserMailboxesType'),
    element('Keywords', 't:ArrayOfStringsType'),
    maybe('Language', 'xs:string'),
    maybe('Senders', 't:ArrayOfSmtpAddressType'),
    maybe('Recipients', 't:ArrayOfSmtpAddressType'),
    maybe('FromDate', 'xs:dateTime'),
    maybe('ToDate', 'xs:dateTime'),
    maybe('MessageTypes', 't:ArrayOfSearchItemKindsType'),
    maybe('SearchDumpster', 'xs:boolean'),
    maybe('IncludePersonalArchive', 'xs:boolean'),
    maybe('IncludeUnsearchableItems', 'xs:boolean'),
  ),
  '<xs:element name="FindMailboxStatisticsByKeywordsResponse" type="m:BaseResponseMessageType"/>',
]
