import { Avatar, makeStyles, mergeClasses, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components'
import {
  ArrowReplyRegular,
  AttachRegular,
  CheckboxCheckedFilled,
  CheckboxUncheckedRegular,
  DeleteRegular,
  FlagFilled,
  FlagRegular,
  ImportantFilled,
  MailReadRegular,
  MailUnreadRegular,
  PinFilled,
} from '@fluentui/react-icons'
import type { DragEvent, MouseEvent } from 'react'
import { useTexts } from '../app/texts.ts'
import { inFull, inShort } from '../app/times.ts'
import { keyOf, type Action, type Row } from './mail-tools.ts'

export const rowHeight = 84
const useStyles = makeStyles({
  row: { position: 'absolute', insetInline: 0, height: `${rowHeight}px`, boxSizing: 'border-box', display: 'grid', gridTemplateColumns: '32px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalM, alignItems: 'center', paddingInline: tokens.spacingHorizontalM, overflow: 'hidden', cursor: 'pointer', userSelect: 'none', borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke3, borderInlineStartWidth: '3px', borderInlineStartStyle: 'solid', borderInlineStartColor: 'transparent', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover }, ':hover [data-hover]': { display: 'flex' }, ':hover [data-rest]': { display: 'none' }, ':hover [data-tick]': { display: 'flex' } },
  fresh: { borderInlineStartColor: tokens.colorBrandStroke1 },
  chosen: { backgroundColor: tokens.colorBrandBackground2, ':hover': { backgroundColor: tokens.colorBrandBackground2Hover } },
  unread: { fontWeight: tokens.fontWeightSemibold },
  unreadSubject: { fontWeight: tokens.fontWeightSemibold, color: tokens.colorBrandForeground2 },
  text: { minWidth: 0 },
  line: { display: 'flex', gap: tokens.spacingHorizontalXS, alignItems: 'center', height: '20px', whiteSpace: 'nowrap', overflow: 'hidden' },
  cut: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', display: 'block' },
  quiet: { color: tokens.colorNeutralForeground2 },
  marks: { display: 'flex', gap: tokens.spacingHorizontalXXS, flexShrink: 0, alignItems: 'center' },
  hover: { display: 'none' },
  category: { flexShrink: 0, maxWidth: '90px', overflow: 'hidden', textOverflow: 'ellipsis', paddingInline: '6px', borderRadius: tokens.borderRadiusCircular, fontSize: tokens.fontSizeBase100, backgroundColor: tokens.colorNeutralBackground4, color: tokens.colorNeutralForeground2 },
  flag: { color: tokens.colorPaletteRedForeground1 },
  action: { display: 'flex', padding: '2px', borderRadius: tokens.borderRadiusSmall, fontSize: '18px', ':hover': { backgroundColor: tokens.colorNeutralBackground1Pressed, color: tokens.colorBrandForeground1 } },
  tick: { display: 'flex', justifyContent: 'center', fontSize: '20px', color: tokens.colorBrandForeground1 },
}) // prettier-ignore

export interface MessageRowProps {
  row: Row
  top: number
  at: number
  total: number
  isChosen: boolean
  isSelected: boolean
  /** Somebody is selecting several: every row shows its box. */
  isSelecting: boolean
  isSent: boolean
  where?: string | undefined
  onPress: (how: { extend: boolean; toggle: boolean }) => void
  onAct: (action: Action) => void
  onDrag: (event: DragEvent) => void
}

/** A row of the list. What it shows for the mouse alone is there by toolbar and keyboard, too. */
export function MessageRow({
  row,
  top,
  at,
  total,
  isChosen,
  isSelected,
  isSelecting,
  isSent,
  where,
  onPress,
  onAct,
  onDrag,
}: MessageRowProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const who = (isSent ? row.to : row.from?.name || row.from?.address) || row.to || t('mail.nobody')
  const own = (run: () => void) => (event: MouseEvent) => { event.stopPropagation(); run() } // prettier-ignore
  const marked = isSelected || (isChosen && !isSelecting)
  return (
    <div id={`row-${keyOf(row)}`} role="option" aria-selected={marked} aria-setsize={total} aria-posinset={at + 1} draggable onDragStart={onDrag} className={mergeClasses(styles.row, !row.isRead && styles.fresh, marked && styles.chosen)} style={{ transform: `translateY(${top}px)` }} onClick={({ shiftKey, ctrlKey, metaKey }) => onPress({ extend: shiftKey, toggle: ctrlKey || metaKey })}>
      <span aria-hidden title={t('mail.keySelect')} onClick={own(() => onPress({ extend: false, toggle: true }))}>
        {isSelecting ? <span className={styles.tick}>{isSelected ? <CheckboxCheckedFilled /> : <CheckboxUncheckedRegular />}</span> : <><span data-rest><Avatar size={32} name={who} color="colorful" /></span><span data-tick className={mergeClasses(styles.tick, styles.hover)}><CheckboxUncheckedRegular /></span></>}
      </span>
      <div className={styles.text}>
        <div className={styles.line}>
          <Text className={mergeClasses(styles.cut, !row.isRead && styles.unread)}><bdi>{who}</bdi></Text>
          <span className={styles.marks} data-rest>
            {row.isPinned && <PinFilled aria-label={t('mail.pinned')} />}
            {row.importance === 'High' && <ImportantFilled className={styles.flag} aria-label={t('mail.important')} />}
            {row.hasAttachments && <AttachRegular aria-label={t('mail.hasAttachments')} />}
            {row.flag === 'Flagged' && <FlagFilled className={styles.flag} aria-label={t('mail.flagged')} />}
          </span>
          <span className={mergeClasses(styles.marks, styles.hover)} data-hover aria-hidden>
            <span className={styles.action} title={t(row.isRead ? 'mail.markUnread' : 'mail.markRead')} onClick={own(() => onAct({ do: 'read', isRead: !row.isRead }))}>{row.isRead ? <MailUnreadRegular /> : <MailReadRegular />}</span>
            <span className={styles.action} title={t('mail.flag')} onClick={own(() => onAct({ do: 'flag', status: row.flag === 'Flagged' ? 'NotFlagged' : 'Flagged' }))}>{row.flag === 'Flagged' ? <FlagFilled className={styles.flag} /> : <FlagRegular />}</span>
            <span className={styles.action} title={t('mail.delete')} onClick={own(() => onAct({ do: 'delete', forGood: false }))}><DeleteRegular /></span>
          </span>
        </div>
        <div className={styles.line}>
          {row.messages > 1 && <ArrowReplyRegular aria-hidden />}
          <Text className={mergeClasses(styles.cut, !row.isRead && styles.unreadSubject)}><bdi>{row.subject || t('mail.noSubject')}</bdi></Text>
          {row.messages > 1 && <Text size={200} className={styles.quiet} aria-label={t('mail.messagesIn', { count: row.messages })}>({row.messages})</Text>}
          <Text size={200} className={mergeClasses(styles.quiet, !row.isRead && styles.unreadSubject)} title={row.received === undefined ? undefined : inFull(row.received)}>{row.received !== undefined && inShort(row.received)}</Text>
        </div>
        <div className={styles.line}>
          <Text size={200} className={mergeClasses(styles.cut, styles.quiet)}>{row.sendAt === undefined ? <bdi>{row.preview}</bdi> : t('mail.sendAt', { time: inFull(row.sendAt) })}</Text>
          {where !== undefined && <span className={styles.category}>{where}</span>}
          {row.categories.slice(0, 2).map((name) => <span key={name} className={styles.category}>{name}</span>)}
        </div>
      </div>
      {!row.isRead && <span className="unseen">{t('mail.unread')}</span>}
    </div>
  ) // prettier-ignore
}

/** A row that is not known yet. */
export function UnknownRow({ top }: { top: number }) {
  const styles = useStyles()
  return (
    <div role="presentation" aria-hidden data-unknown className={styles.row} style={{ transform: `translateY(${top}px)` }}>
      <SkeletonItem shape="circle" size={32} />
      <Skeleton className={styles.text}>
        <SkeletonItem size={16} style={{ width: '60%', marginBottom: 6 }} />
        <SkeletonItem size={12} style={{ width: '90%' }} />
      </Skeleton>
    </div>
  )
}
