import { Menu, MenuDivider, MenuItem, MenuItemCheckbox, MenuItemRadio, MenuList, MenuPopover, MenuTrigger, Toolbar, ToolbarButton, ToolbarDivider, makeStyles, tokens } from '@fluentui/react-components' // prettier-ignore
import {
  ArchiveRegular,
  DeleteRegular,
  FlagRegular,
  FolderArrowRightRegular,
  KeyboardRegular,
  LayoutColumnTwoRegular,
  MailAttachRegular,
  MailProhibitedRegular,
  MailReadRegular,
  MailUnreadRegular,
  TagRegular,
  type FluentIcon,
} from '@fluentui/react-icons'
import { useTexts, type TextName } from '../app/texts.ts'
import type { CommandName, Commands } from './commands.ts'
import { useMail, type Folder, type View } from './mail-tools.ts'

const useStyles = makeStyles({
  bar: { gridArea: 'bar', overflowX: 'auto', overflowY: 'hidden', borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2, paddingBlock: tokens.spacingVerticalXXS, flexShrink: 0 },
  button: { flexShrink: 0, whiteSpace: 'nowrap', minWidth: 'auto', fontWeight: tokens.fontWeightRegular, '@media (max-width: 1100px)': { fontSize: 0 } },
  end: { marginInlineStart: 'auto' },
}) // prettier-ignore

const buttons: readonly [CommandName, FluentIcon, TextName][] = [
  ['delete', DeleteRegular, 'mail.delete'],
  ['archive', ArchiveRegular, 'mail.archive'],
  ['junk', MailProhibitedRegular, 'mail.junk'],
  ['move', FolderArrowRightRegular, 'mail.move'],
  ['categorize', TagRegular, 'mail.categorize'],
  ['flag', FlagRegular, 'mail.flag'],
]

/** What can be done to what is chosen, and how mail is looked at. */
export function MessageToolbar({
  commands,
  isAny,
  isWhole,
  isUnread,
  folder,
}: {
  commands: Commands
  isAny: boolean
  /** All of a list is chosen, beyond what is in sight. */
  isWhole: boolean
  isUnread: boolean
  folder: Folder | undefined
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const reading: [CommandName, FluentIcon] = isUnread ? ['markRead', MailReadRegular] : ['markUnread', MailUnreadRegular]
  const all: readonly [CommandName, FluentIcon, TextName][] = [...buttons, [...reading, `mail.${reading[0]}` as TextName]]
  return (
    <Toolbar aria-label={t('mail.commands')} className={styles.bar} size="small">
      {all.map(([name, Icon, text]) => {
        const label = t(name === 'junk' && folder?.kind === 'junkemail' ? 'mail.notJunk' : text)
        return <ToolbarButton key={name} className={styles.button} disabled={!isAny} icon={<Icon />} aria-label={label} title={label} onClick={commands[name]}>{label}</ToolbarButton>
      })}
      <ToolbarButton className={styles.button} disabled={!isAny || isWhole} icon={<MailAttachRegular />} aria-label={t('mail.forwardAttached')} title={t('mail.forwardAttached')} onClick={commands.forwardAttached} />
      <ToolbarDivider className={styles.end} />
      <ViewMenu />
    </Toolbar>
  ) // prettier-ignore
}

function ViewMenu() {
  const styles = useStyles()
  const { t } = useTexts()
  const { view, saveView, show, later } = useMail()
  const panes: [View['readingPane'], TextName][] = [
    ['right', 'mail.paneRight'],
    ['below', 'mail.paneBelow'],
    ['off', 'mail.paneOff'],
  ]
  const checked = { pane: [view.readingPane], conversations: view.conversations ? ['on'] : [] }
  const change = (_: unknown, { name, checkedItems }: { name: string; checkedItems: string[] }) =>
    saveView(name === 'pane' ? { readingPane: checkedItems[0] as View['readingPane'] } : { conversations: checkedItems.length > 0 })
  return (
    <Menu checkedValues={checked} onCheckedValueChange={change}>
      <MenuTrigger disableButtonEnhancement>
        <ToolbarButton className={styles.button} icon={<LayoutColumnTwoRegular />} aria-label={t('mail.view')} title={t('mail.view')}>{t('mail.view')}</ToolbarButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {panes.map(([value, text]) => <MenuItemRadio key={value} name="pane" value={value}>{t(text)}</MenuItemRadio>)}
          <MenuDivider />
          <MenuItemCheckbox name="conversations" value="on">{t('mail.conversations')}</MenuItemCheckbox>
          <MenuDivider />
          <MenuItem icon={<KeyboardRegular />} onClick={() => later(({ ShortcutsDialog }) => show(<ShortcutsDialog />))}>{t('mail.shortcuts')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  ) // prettier-ignore
}
