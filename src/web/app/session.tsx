import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components'
import { createContext, use, useEffect, useState } from 'react'
import { ask, signedOut, type Answer } from './api.ts'
import { useTexts } from './texts.ts'

export type Session = Answer<'session'>
export const SessionContext = createContext<Session | undefined>(undefined)

/** Who is signed in. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('nothing is shown before the session is known')
  return session
}

/** Asks to sign in again in another window; what is on the page stays there. */
export function SessionOver() {
  const { t } = useTexts()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hear = () => setOver(true)
    signedOut.addEventListener('signedOut', hear)
    return () => signedOut.removeEventListener('signedOut', hear)
  }, [])
  const again = () => void ask('session', {}).then(() => setOver(false), () => setOver(true)) // prettier-ignore
  return (
    <Dialog open={over} modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('app.signedOut')}</DialogTitle>
          <DialogContent>{t('app.signedOutHint')}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => window.open('/owa/signed-in', '_blank')}>
              {t('app.signIn')}
            </Button>
            <Button onClick={again}>{t('app.goOn')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
