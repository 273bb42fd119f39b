import { answerMessage } from './answer-message.ts'
import { branchDraft } from './branch-draft.ts'
import { composeOptions, senderNamed } from './compose-options.ts'
import { addDraftFile, removeDraftFile } from './draft-files.ts'
import { forwardAttached } from './forward-attached.ts'
import { discardDraft, openDraft } from './open-draft.ts'
import { findRecipients, recipientTips } from './recipients.ts'
import { saveDraft } from './save-draft.ts'
import { holdDraft, sendDraft } from './send-draft.ts'
import { saveSignature } from './signature.ts'

/** Writing: drafts, their files, whom they go to, and sending them. */
export const composeVerbs = {
  ...{
    addDraftFile,
    answerMessage,
    branchDraft,
    composeOptions,
    forwardAttached,
    discardDraft,
    findRecipients,
    holdDraft,
    openDraft,
    recipientTips,
  },
  ...{ removeDraftFile, saveDraft, saveSignature, sendDraft, senderNamed },
}
