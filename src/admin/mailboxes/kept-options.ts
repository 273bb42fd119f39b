// table
import { flag, text, whole, word, type Options } from './options.ts'

const sortOrders = [
  'Chronological',
  'ChronologicalNewestOnBottom',
  'ChronologicalNewestOnTop',
  'NewestOnBottom',
  'NewestOnTop',
  'Tree',
] as const

/** Set-MailboxMessageConfiguration's parameters that nothing acts upon. */
// prettier-ignore
export const messages: Options = {
  AfterMoveOrDeleteBehavior: word(['OpenPreviousItem', 'OpenNextItem', 'ReturnToView'], 'OpenNextItem', 'What is shown after a message was moved or deleted.'),
  AlwaysShowBcc: flag(false, 'Whether the Bcc line is always shown.'),
  AlwaysShowFrom: flag(false, 'Whether the From line is always shown.'),
  AutoAddSignature: flag(false, 'Whether new messages get the signature.'),
  AutoAddSignatureOnMobile: flag(false, 'Whether messages written on a telephone get its signature.'),
  AutoAddSignatureOnReply: flag(false, 'Whether replies and forwards get the signature.'),
  CheckForForgottenAttachments: flag(true, 'Whether one is asked when a message speaks of an attachment that is not there.'),
  ConversationSortOrder: word(sortOrders, 'ChronologicalNewestOnTop', 'How the messages of a conversation are sorted.'),
  DefaultFontColor: text(7, '#000000', 'The colour of the text (`#0000ff`).'),
  DefaultFontFlags: word(['Normal', 'Bold', 'Italic', 'Underline', 'All'], 'Normal', 'Whether the text is bold, italic or underlined.'),
  DefaultFontName: text(100, 'Calibri', 'The font of the text.'),
  DefaultFontSize: whole(1, 72, 3, 'The size of the text.'),
  DefaultFormat: word(['Html', 'PlainText'], 'Html', 'How messages are written.'),
  EmailComposeMode: word(['Inline', 'SeparateForm'], 'Inline', 'Where messages are written.'),
  EmptyDeletedItemsOnLogoff: flag(false, 'Whether Deleted Items is emptied at the end.'),
  HideDeletedItems: flag(false, 'Whether conversations leave deleted messages out.'),
  IsReplyAllTheDefaultResponse: flag(true, 'Whether one answers all.'),
  LinkPreviewEnabled: flag(true, 'Whether links are shown with a preview.'),
  NewItemNotification: word(['None', 'Sound', 'EMailToast', 'VoiceMailToast', 'FaxToast', 'All'], 'All', 'How new items are announced.'),
  PreviewMarkAsReadBehavior: word(['Delayed', 'OnSelectionChange', 'Never'], 'OnSelectionChange', 'When a message in the reading pane counts as read.'),
  PreviewMarkAsReadDelaytime: whole(0, 30, 5, 'Seconds until a message in the reading pane counts as read.'),
  ReadReceiptResponse: word(['DoNotAutomaticallySend', 'AlwaysSend', 'NeverSend'], 'DoNotAutomaticallySend', 'Whether read receipts are sent.'),
  SendAddressDefault: text(320, '', 'The address that messages are from.'),
  ShowConversationAsTree: flag(false, 'Whether conversations are shown as a tree.'),
  SignatureHtml: text(8192, '', 'The signature in HTML.'),
  SignatureText: text(8192, '', 'The signature in plain text.'),
  SignatureTextOnMobile: text(512, '', 'The signature of telephones.'),
  UseDefaultSignatureOnMobile: flag(false, 'Whether telephones use their own signature.'),
}
