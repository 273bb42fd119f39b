import { account, endSession } from './account.ts'
import { changeRule } from './change-rule.ts'
import { options } from './options.ts'
import { ownSettings, saveOwnSettings, storage } from './own-settings.ts'
import { saveAutomaticReplies } from './save-automatic-replies.ts'
import { saveRegion } from './save-region.ts'
import { saveRule } from './save-rule.ts'

export const optionVerbs = {
  ...{ account, changeRule, endSession, options, ownSettings },
  ...{ saveAutomaticReplies, saveOwnSettings, saveRegion, saveRule, storage },
}
