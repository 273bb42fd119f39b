// table
import type { Cmdlet } from '../registry/cmdlet.ts'
import type { MailboxNeeds } from './mailbox-for.ts'
import { flag, keptOptionCmdlets, text, texts, whole, word, type Options } from './options.ts'

/** Set-MailboxJunkEmailConfiguration's parameters. */
const junkEmail: Options = {
  Enabled: flag(true),
  TrustedListsOnly: flag(false),
  ContactsTrusted: flag(false),
  TrustedSendersAndDomains: texts(1024),
  TrustedRecipientsAndDomains: texts(1024),
  BlockedSendersAndDomains: texts(500),
}

/** Set-MailboxMessageConfiguration's parameters. */
const messages: Options = {
  AfterMoveOrDeleteBehavior: word(['OpenPreviousItem', 'OpenNextItem', 'ReturnToView'], 'OpenNextItem'),
  AlwaysShowBcc: flag(false),
  AlwaysShowFrom: flag(false),
  AutoAddSignature: flag(false),
  AutoAddSignatureOnMobile: flag(false),
  AutoAddSignatureOnReply: flag(false),
  CheckForForgottenAttachments: flag(true),
  ConversationSortOrder: word(['Chronological', 'ChronologicalNewestOnBottom', 'ChronologicalNewestOnTop', 'NewestOnBottom', 'NewestOnTop', 'Tree'], 'ChronologicalNewestOnTop'),
  DefaultFontColor: text(7, '#000000'),
  DefaultFontFlags: word(['Normal', 'Bold', 'Italic', 'Underline', 'All'], 'Normal'),
  DefaultFontName: text(100, 'Calibri'),
  DefaultFontSize: whole(1, 72, 3),
  DefaultFormat: word(['Html', 'PlainText'], 'Html'),
  EmailComposeMode: word(['Inline', 'SeparateForm'], 'Inline'),
  EmptyDeletedItemsOnLogoff: flag(false),
  HideDeletedItems: flag(false),
  IsReplyAllTheDefaultResponse: flag(true),
  LinkPreviewEnabled: flag(true),
  NewItemNotification: word(['None', 'Sound', 'EMailToast', 'VoiceMailToast', 'FaxToast', 'All'], 'All'),
  PreviewMarkAsReadBehavior: word(['Delayed', 'OnSelectionChange', 'Never'], 'OnSelectionChange'),
  PreviewMarkAsReadDelaytime: whole(0, 30, 5),
  ReadReceiptResponse: word(['DoNotAutomaticallySend', 'AlwaysSend', 'NeverSend'], 'DoNotAutomaticallySend'),
  SendAddressDefault: text(320),
  ShowConversationAsTree: flag(false),
  SignatureHtml: text(8192),
  SignatureText: text(8192),
  SignatureTextOnMobile: text(512),
  UseDefaultSignatureOnMobile: flag(false),
} // prettier-ignore

/** Options of a mailbox that are kept for its clients. */
export function keptCmdlets(needs: MailboxNeeds): Cmdlet[] {
  return [
    ...keptOptionCmdlets(needs, {
      noun: 'MailboxJunkEmailConfiguration',
      setting: 'junkEmail',
      about: 'the junk mail rule and the lists of trusted and blocked senders',
      options: junkEmail,
    }),
    ...keptOptionCmdlets(needs, {
      noun: 'MailboxMessageConfiguration',
      setting: 'messageConfiguration',
      about: 'how messages are shown and written, the signature with it,',
      options: messages,
    }),
  ]
}
