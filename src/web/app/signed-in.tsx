import { Text } from '@fluentui/react-components'
import { useEffect } from 'react'
import { useTexts } from './texts.ts'

/** The name of the channel on which the other windows hear that somebody signed in again. */
export const signedInChannel = 'isthmus.signedIn'

/** Shown in the window that somebody signed in again in: they go back to the one with their work. */
export function SignedIn() {
  const { t } = useTexts()
  useEffect(() => {
    const channel = new BroadcastChannel(signedInChannel)
    channel.postMessage('signedIn')
    channel.close()
    window.close()
  }, [])
  return <Text as="p">{t('app.signedInAgain')}</Text>
}
