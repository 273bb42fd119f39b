import { Button, makeStyles, tokens } from '@fluentui/react-components'
import { ArrowForwardRegular, ArrowReplyAllRegular, ArrowReplyRegular, EditRegular } from '@fluentui/react-icons'
import { useEffect } from 'react'
import { useTexts } from '../app/texts.ts'
import { openCompose } from './opened.ts'

const useStyles = makeStyles({ buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalXS } })

/** What is written from a message: answers to it, or the message itself while it is a draft, which is opened at once. */
export function ReplyButtons({ item, isDraft }: { item: { mailbox: string; id: number }; isDraft: boolean }) {
  const styles = useStyles()
  const { t } = useTexts()
  const { mailbox, id } = item
  useEffect(() => {
    if (isDraft) openCompose({ kind: 'draft', item: { mailbox, id } })
  }, [isDraft, mailbox, id])
  const answer = (how: 'reply' | 'replyAll' | 'forward') => () => openCompose({ kind: 'answer', item: { mailbox, id }, how })
  return (
    <div className={styles.buttons} role="group" aria-label={t('compose.answer')}>
      {isDraft ? (
        <Button appearance="primary" icon={<EditRegular />} onClick={() => openCompose({ kind: 'draft', item: { mailbox, id } })}>
          {t('compose.edit')}
        </Button>
      ) : (
        <>
          <Button appearance="subtle" icon={<ArrowReplyRegular />} onClick={answer('reply')}>
            {t('compose.reply')}
          </Button>
          <Button appearance="subtle" icon={<ArrowReplyAllRegular />} onClick={answer('replyAll')}>
            {t('compose.replyAll')}
          </Button>
          <Button appearance="subtle" icon={<ArrowForwardRegular />} onClick={answer('forward')}>
            {t('compose.forward')}
          </Button>
        </>
      )}
    </div>
  )
}
