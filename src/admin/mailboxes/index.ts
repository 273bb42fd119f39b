import type { Cmdlet } from '../registry/cmdlet.ts'
import { autoReplyCmdlets } from './auto-reply.ts'
import { calendarConfigurationCmdlets } from './calendar-configuration.ts'
import { calendarLogCmdlets } from './calendar-log.ts'
import { calendarProcessingCmdlets } from './calendar-processing.ts'
import { folderPermissionCmdlets } from './folder-permissions.ts'
import { folderStatisticsCmdlets } from './folder-statistics.ts'
import { folderCmdlets } from './folders.ts'
import { junkEmailCmdlets } from './junk-email.ts'
import { laterCmdlets } from './later.ts'
import type { MailboxNeeds } from './mailbox-for.ts'
import { publicFolderPermissionCmdlets } from './public-folder-permissions.ts'
import { messageConfigurationCmdlets } from './message-configuration.ts'
import { regionalCmdlets } from './regional-configuration.ts'
import { statisticsCmdlets } from './statistics.ts'

/** The cmdlets that look into one mailbox or set it up. What they may do there, the mailbox verbs check. */
export function mailboxCmdlets(needs: MailboxNeeds): Cmdlet[] {
  return [
    ...statisticsCmdlets(needs),
    ...folderStatisticsCmdlets(needs),
    ...folderCmdlets(needs),
    ...folderPermissionCmdlets(needs),
    ...publicFolderPermissionCmdlets(needs),
    ...regionalCmdlets(needs),
    ...autoReplyCmdlets(needs),
    ...calendarProcessingCmdlets(needs),
    ...calendarLogCmdlets(needs),
    ...calendarConfigurationCmdlets(needs),
    ...junkEmailCmdlets(needs),
    ...messageConfigurationCmdlets(needs),
    ...laterCmdlets,
  ]
}
