import { Button, makeStyles, MessageBar, MessageBarActions, MessageBarBody, Spinner, tokens } from '@fluentui/react-components'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useSession } from '../app/session.tsx'
import { useTexts } from '../app/texts.ts'
import { forget, keptOf, takeOpen, type Kept } from './kept.ts'
import { openCompose, useLeaving, useOpened, type Leaving } from './opened.ts'
import { LeavingBar } from './leaving-bar.tsx'

const ComposePane = lazy(() => import('./compose-pane.tsx'))

const useStyles = makeStyles({
  pane: { position: 'fixed', top: '48px', bottom: 0, insetInlineEnd: 0, width: 'clamp(560px, 54vw, 900px)', zIndex: 5, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow16, '@media (max-width: 640px)': { width: '100%', top: 0 } },
  bars: { position: 'fixed', bottom: tokens.spacingVerticalL, insetInlineStart: '72px', zIndex: 6, display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, width: 'min(420px, calc(100vw - 32px))', '@media (max-width: 640px)': { insetInlineStart: '16px', bottom: '64px' } },
}) // prettier-ignore

/** Where people write, above whatever area is open; what is being sent; and what an earlier page did not save. */
export function ComposeHost() {
  const styles = useStyles()
  const { t } = useTexts()
  const { mailbox } = useSession()
  const opened = useOpened()
  const leaving = useLeaving()
  const [kept, setKept] = useState<readonly Kept[]>([])
  useEffect(() => {
    if (!mailbox) return
    const open = takeOpen(mailbox)
    if (open) openCompose({ kind: 'kept', kept: open })
    void keptOf(mailbox).then((all) => setKept(all.filter(({ token }) => token !== open?.token)))
  }, [mailbox])
  if (!mailbox) return null
  const done = (one: Kept) => setKept(kept.filter((other) => other !== one))
  return (
    <>
      {opened && (
        <section className={styles.pane} aria-label={t('compose.writing')}>
          <Suspense fallback={<Spinner label={t('app.loading')} />}>
            <ComposePane key={opened.key} opening={opened.opening} mailbox={mailbox} />
          </Suspense>
        </section>
      )}
      <div className={styles.bars} role="status">
        {leaving.map((one: Leaving) => (
          <LeavingBar key={one.draft.token} leaving={one} />
        ))}
        {kept.map((one) => (
          <MessageBar key={one.token} layout="multiline">
            <MessageBarBody>{t('compose.notSaved', { subject: one.written.subject || t('mail.noSubject') })}</MessageBarBody>
            <MessageBarActions>
              <Button onClick={() => { done(one); openCompose({ kind: 'kept', kept: one }) }}>{t('compose.goOn')}</Button>
              <Button onClick={() => { done(one); forget(one.token) }}>{t('compose.discard')}</Button>
            </MessageBarActions>
          </MessageBar>
        ))}
      </div>
    </>
  ) // prettier-ignore
}
