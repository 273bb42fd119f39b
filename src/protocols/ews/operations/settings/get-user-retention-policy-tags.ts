import { GetUserRetentionPolicyTags } from '#schema'
import { answerOne, verb } from '../../verb.ts'

/** The retention tags of the caller's mailbox ([MS-OXWSCDATA] 2.2.4 RetentionPolicyTagType). No organisation has any here yet: the list is empty. */
export const getUserRetentionPolicyTags = verb(GetUserRetentionPolicyTags, (_request, context) =>
  answerOne(context, async () => {
    await context.ownMailbox()
    return { RetentionPolicyTags: [] }
  }),
)
