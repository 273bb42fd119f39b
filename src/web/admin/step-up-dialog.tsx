import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components'
import { useEffect, useState } from 'react'
import { signedInChannel } from '../app/signed-in.tsx'
import { useTexts } from '../app/texts.ts'
import { StepUp, stepUps } from './step-ups.ts'

/** Asks to show the factors anew, in a window beside this one, and goes on by itself when they were shown. */
export function StepUpDialog() {
  const { t } = useTexts()
  const [asked, setAsked] = useState<readonly StepUp[]>([])
  useEffect(() => {
    const hear = (event: Event) => {
      if (event instanceof StepUp) setAsked((before) => [...before, event])
    }
    stepUps.addEventListener('stepUp', hear)
    return () => stepUps.removeEventListener('stepUp', hear)
  }, [])
  useEffect(() => {
    const channel = new BroadcastChannel(signedInChannel)
    channel.addEventListener('message', () =>
      setAsked((before) => {
        for (const one of before) one.answer(true)
        return []
      }),
    )
    return () => channel.close()
  }, [])
  const answer = (shown: boolean) => {
    for (const one of asked) one.answer(shown)
    setAsked([])
  }
  return (
    <Dialog open={asked.length > 0} modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('admin.stepUp')}</DialogTitle>
          <DialogContent>
            <p>{asked[0]?.message}</p>
            <p>{t('admin.stepUpHint')}</p>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => window.open('/owa/sign-in-again', '_blank')}>
              {t('app.signIn')}
            </Button>
            <Button onClick={() => answer(true)}>{t('app.goOn')}</Button>
            <Button onClick={() => answer(false)}>{t('admin.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
