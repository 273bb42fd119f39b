import type { EwsVerb } from '../../verb.ts'
import { createUserConfiguration } from './create-user-configuration.ts'
import { deleteUserConfiguration } from './delete-user-configuration.ts'
import { getMailTips } from './get-mail-tips.ts'
import { getServiceConfiguration } from './get-service-configuration.ts'
import { getUserConfiguration } from './get-user-configuration.ts'
import { getUserOofSettings } from './get-user-oof-settings.ts'
import { getUserRetentionPolicyTags } from './get-user-retention-policy-tags.ts'
import { setUserOofSettings } from './set-user-oof-settings.ts'
import { updateUserConfiguration } from './update-user-configuration.ts'

export const settingVerbs: readonly EwsVerb[] = [
  createUserConfiguration,
  getUserConfiguration,
  updateUserConfiguration,
  deleteUserConfiguration,
  getUserOofSettings,
  setUserOofSettings,
  getServiceConfiguration,
  getMailTips,
  getUserRetentionPolicyTags,
]
