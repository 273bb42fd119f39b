import { actOnFolder } from './act-on-folder.ts'
import { actOnList } from './act-on-list.ts'
import { actOnMessages } from './act-on-messages.ts'
import { attachedMessage } from './attached-message.ts'
import { conversation } from './conversation.ts'
import { findFolders } from './find-folders.ts'
import { findMessages } from './find-messages.ts'
import { messageDetails } from './message-details.ts'
import { message } from './message.ts'
import { mailView, saveMailView } from './view-settings.ts'

export const mailVerbs = { actOnFolder, actOnList, actOnMessages, attachedMessage, conversation, findFolders, findMessages, mailView, message, messageDetails, saveMailView } // prettier-ignore
