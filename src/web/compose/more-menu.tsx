import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components'
import { MoreHorizontalRegular } from '@fluentui/react-icons'
import { useTexts, type TextName } from '../app/texts.ts'
import type { Written } from './written.ts'

const importances: readonly [Written['importance'], TextName][] = [
  ['High', 'compose.high'],
  ['Normal', 'compose.normal'],
  ['Low', 'compose.low'],
]

/** What else a message may be and have. */
export function MoreMenu({
  written: { importance, readReceipt },
  onWrite,
  onShowFrom,
  onSign,
  onInsertSignature,
}: {
  written: Written
  onWrite: (to: Partial<Written>) => void
  onShowFrom: () => void
  onSign: () => void
  onInsertSignature: () => void
}) {
  const { t } = useTexts()
  return (
    <Menu
      checkedValues={{ importance: [importance], more: readReceipt ? ['receipt'] : [] }}
      onCheckedValueChange={(_, { name, checkedItems }) =>
        onWrite(name === 'importance' ? { importance: checkedItems[0] as Written['importance'] } : { readReceipt: checkedItems.length > 0 })
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<MoreHorizontalRegular />} aria-label={t('compose.more')} title={t('compose.more')} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {importances.map(([value, text]) => (
            <MenuItemRadio key={value} name="importance" value={value}>
              {t(text)}
            </MenuItemRadio>
          ))}
          <MenuDivider />
          <MenuItemCheckbox name="more" value="receipt">
            {t('compose.receipt')}
          </MenuItemCheckbox>
          <MenuItem onClick={onShowFrom}>{t('compose.showFrom')}</MenuItem>
          <MenuDivider />
          <MenuItem onClick={onInsertSignature}>{t('compose.insertSignature')}</MenuItem>
          <MenuItem onClick={onSign}>{t('compose.signature')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}
