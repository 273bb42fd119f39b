import { Text } from '@fluentui/react-components'
import { useEffect } from 'react'
import { useTexts } from './texts.ts'

/** Shown in the window that somebody signed in again in: they go back to the one with their work. */
export function SignedIn() {
  const { t } = useTexts()
  useEffect(() => window.close(), [])
  return <Text as="p">{t('app.signedInAgain')}</Text>
}
