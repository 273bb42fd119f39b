import { Button, makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../app/api.ts'
import { useSession } from '../app/session.tsx'
import { useTexts } from '../app/texts.ts'
import type { Person } from './draft.ts'
import { levels } from './levels.ts'
import { PeoplePicker } from './people-picker.tsx'
import { Choice } from './recurrence-editor.tsx'

type Level = Question<'shareCalendar'>['level']
const given: readonly Level[] = ['FreeBusyTimeOnly', 'FreeBusyTimeAndSubjectAndLocation', 'Reviewer', 'Editor']
const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'end' },
})

/** Shares the own calendar with somebody, who hears of it by mail. */
export function ShareForm() {
  const styles = useStyles()
  const { t } = useTexts()
  const { name } = useSession()
  const queries = useQueryClient()
  const [person, setPerson] = useState<Person>()
  const [level, setLevel] = useState<Level>('Reviewer')
  const share = useMutation({
    mutationFn: ({ address }: Person) => ask('shareCalendar', { address, level, subject: t('calendar.shareSubject', { name }), text: t('calendar.shareText'), link: t('calendar.shareLink') }), // prettier-ignore
    onSuccess: async () => {
      setPerson(undefined)
      await queries.invalidateQueries({ queryKey: ['calendar', 'permissions'] })
    },
  })
  return (
    <div className={styles.form}>
      <PeoplePicker label={t('calendar.shareWith')} people={person ? [person] : []} onChange={(people) => setPerson(people.at(-1))} />
      <div className={styles.row}>
        <Choice label={t('calendar.shareLevel')} values={given} value={level} text={(one) => t(levels[one])} onChange={setLevel} />
        <Button appearance="primary" disabled={!person || share.isPending} onClick={() => person && share.mutate(person)}>{t('calendar.share')}</Button>
      </div>
      {share.error && <MessageBar intent="error"><MessageBarBody>{share.error.message}</MessageBarBody></MessageBar>}
      <Text role="status">{share.isSuccess ? t('calendar.shared', { name: share.variables.name || share.variables.address }) : ''}</Text>
    </div>
  ) // prettier-ignore
}
