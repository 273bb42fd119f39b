import type { RetentionTagRow } from '#directory'
import { GetUserRetentionPolicyTags } from '#schema'
import { answerOne, verb } from '../../verb.ts'

const day = 86_400_000

/** The retention tags of the policy of the caller's mailbox, named in the mailbox's language ([MS-OXWSCDATA] 2.2.4 RetentionPolicyTagType). */
export const getUserRetentionPolicyTags = verb(GetUserRetentionPolicyTags, (_request, context) =>
  answerOne(context, async () => {
    const { tags, culture } = await context.mailboxes.retentionTags(context.caller, await context.ownMailbox())
    return { RetentionPolicyTags: tags.map((tag) => told(tag, culture)) }
  }),
)

function told(tag: RetentionTagRow, culture: string) {
  const Description = localised(tag.localisedComments, culture) ?? tag.comment
  return {
    DisplayName: localised(tag.localisedNames, culture) ?? tag.name,
    RetentionId: tag.id,
    // Days; 0 = for ever.
    RetentionPeriod: Math.ceil((tag.age ?? 0) / day),
    Type: tag.type,
    RetentionAction: tag.action,
    ...(Description ? { Description } : {}),
    IsVisible: tag.type === 'Personal',
    OptedInto: tag.optedInto,
    IsArchive: tag.action === 'MoveToArchive',
  }
}

/** What `de-DE: …` says for a culture: of the same one, else of the same language. */
function localised(texts: readonly string[], culture: string): string | undefined {
  const [language = ''] = culture.toLowerCase().split('-')
  const rows = texts.map((row) => [row.slice(0, row.indexOf(':')).trim().toLowerCase(), row.slice(row.indexOf(':') + 1).trim()] as const)
  return rows.find(([name]) => name === culture.toLowerCase())?.[1] ?? rows.find(([name]) => name.split('-')[0] === language)?.[1]
}
