import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components'
import {
  ArchiveRegular,
  DeleteRegular,
  FlagRegular,
  FolderArrowRightRegular,
  MailProhibitedRegular,
  MailReadRegular,
  MailUnreadRegular,
  PinOffRegular,
  PinRegular,
  TagRegular,
  type FluentIcon,
} from '@fluentui/react-icons'
import { useTexts, type TextName } from '../app/texts.ts'
import type { CommandName, Commands } from './commands.ts'
import type { Spot } from './folder-menu.tsx'
import type { Folder, Row } from './mail-tools.ts'

/** What can be done to messages, where it was asked for. */
export function RowMenu({ rows, folder, commands, at: { x, y }, onClose }: { rows: readonly Row[]; folder: Folder; commands: Commands; at: Spot; onClose: () => void }) {
  const { t } = useTexts()
  const target = { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }
  const entries: readonly (readonly [CommandName, FluentIcon, TextName] | undefined)[] = [
    rows.some(({ isRead }) => !isRead) ? ['markRead', MailReadRegular, 'mail.markRead'] : ['markUnread', MailUnreadRegular, 'mail.markUnread'],
    ['flag', FlagRegular, 'mail.flag'],
    ['categorize', TagRegular, 'mail.categorize'],
    ...(rows.some(({ conversation }) => conversation !== undefined) ? [] : [rows.every(({ isPinned }) => isPinned) ? (['pin', PinOffRegular, 'mail.unpin'] as const) : (['pin', PinRegular, 'mail.pin'] as const)]),
    undefined,
    ['archive', ArchiveRegular, 'mail.archive'],
    ['move', FolderArrowRightRegular, 'mail.move'],
    ['junk', MailProhibitedRegular, folder.kind === 'junkemail' ? 'mail.notJunk' : 'mail.junk'],
    undefined,
    ['delete', DeleteRegular, 'mail.delete'],
  ]
  return (
    <Menu open onOpenChange={(_, { open }) => open || onClose()} positioning={{ target, position: 'below', align: 'start' }}>
      <MenuPopover>
        <MenuList>
          {entries.map((entry, index) => {
            if (!entry) return <MenuDivider key={index} />
            const [name, Icon, text] = entry
            return <MenuItem key={name} icon={<Icon />} onClick={commands[name]}>{t(text)}</MenuItem>
          })}
        </MenuList>
      </MenuPopover>
    </Menu>
  )
} // prettier-ignore
