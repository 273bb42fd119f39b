import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components'
import {
  DeleteRegular,
  EraserRegular,
  FolderAddRegular,
  FolderArrowRightRegular,
  MailReadRegular,
  RenameRegular,
  StarOffRegular,
  StarRegular,
} from '@fluentui/react-icons'
import { useTexts } from '../app/texts.ts'
import { useFolderQuestions } from './folder-questions.ts'
import type { Folder } from './mail-tools.ts'

export interface Spot {
  x: number
  y: number
}

/** What can be done to a folder, where it was asked for. */
export function FolderMenu({ folder, at: { x, y }, onClose }: { folder: Folder; at: Spot; onClose: () => void }) {
  const { t } = useTexts()
  const { isOwn, isFavourite, ...questions } = useFolderQuestions(folder)
  const target = { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }
  return (
    <Menu open onOpenChange={(_, { open }) => open || onClose()} positioning={{ target, position: 'below', align: 'start' }}>
      <MenuPopover>
        <MenuList>
          <MenuItem icon={<FolderAddRegular />} onClick={questions.create}>{t('mail.newFolder')}</MenuItem>
          <MenuItem icon={<RenameRegular />} disabled={!isOwn} onClick={questions.rename}>{t('mail.rename')}</MenuItem>
          <MenuItem icon={<FolderArrowRightRegular />} disabled={!isOwn} onClick={questions.move}>{t('mail.move')}</MenuItem>
          <MenuItem icon={<DeleteRegular />} disabled={!isOwn} onClick={questions.remove}>{t('mail.deleteFolder')}</MenuItem>
          <MenuDivider />
          <MenuItem icon={isFavourite ? <StarOffRegular /> : <StarRegular />} onClick={questions.favourite}>{t(isFavourite ? 'mail.removeFavourite' : 'mail.addFavourite')}</MenuItem>
          <MenuItem icon={<MailReadRegular />} onClick={questions.markAllRead}>{t('mail.markAllRead')}</MenuItem>
          <MenuItem icon={<EraserRegular />} onClick={questions.empty}>{t('mail.emptyFolder')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  ) // prettier-ignore
}
