import { Button, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components'
import { StopRegular } from '@fluentui/react-icons'
import { useEffect, useState } from 'react'
import { useTexts } from '../app/texts.ts'
import type { Progress } from './cmdlets.ts'

const useStyles = makeStyles({
  whole: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
  bar: { flexBasis: '100%' },
})

interface WaitingProps {
  /** What a cmdlet says of itself. */
  progress?: Progress | undefined
  /** Objects that it gave already. */
  given?: number
  /** Absent = what shows this has its own way to stop it. */
  onStop?: () => void
}

/** What runs: how far it is, as far as it says so, and for how long already when that is more than a second. */
export function Waiting({ progress, given = 0, onStop }: WaitingProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const began = performance.now()
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - began) / 1000)), 500)
    return () => clearInterval(timer)
  }, [])
  if (seconds === 0 && !progress) return null
  const { activity = '', status = '', percent, secondsRemaining } = progress ?? {}
  const texts = [
    [activity, status].filter(Boolean).join(': '),
    given > 0 && t('admin.givenSoFar', { count: given }),
    seconds > 0 && t('admin.runningFor', { seconds }),
    secondsRemaining !== undefined && t('admin.remaining', { seconds: secondsRemaining }),
  ]
  return (
    <div className={styles.whole}>
      {progress && <ProgressBar className={styles.bar} aria-label={t('admin.progress')} {...(percent === undefined ? {} : { value: percent, max: 100 })} />}
      <Text size={200}>{texts.filter(Boolean).join(' · ')}</Text>
      {onStop && <Button size="small" icon={<StopRegular />} onClick={onStop}>{t('admin.stop')}</Button>}
    </div>
  ) // prettier-ignore
}
