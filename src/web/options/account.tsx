import { Button, Link as Anchor, makeStyles, Spinner, Subtitle2, Text, tokens } from '@fluentui/react-components'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inFull } from '../app/times.ts'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, maxWidth: '720px' },
  part: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  title: { margin: 0 },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: tokens.spacingHorizontalM, minHeight: '36px', overflowWrap: 'anywhere', borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
}) // prettier-ignore

/** What somebody signs in with, and where they are signed in. What is changed of the former, is changed on the sign-in pages, which ask who it is. */
export function Account() {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const { data, error } = useQuery({ queryKey: ['options', 'account'], queryFn: ({ signal }) => ask('account', {}, { signal }) })
  const end = useMutation({
    mutationFn: (id: string) => ask('endSession', { id }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options', 'account'] }),
  })
  if (!data) return error ? <Saved isDone={false} error={error} /> : <Spinner label={t('app.loading')} />
  const named = ({ id, name, created }: { id: string; name: string; created: number }) => ({ id, text: `${name}, ${t('settings.sessionSince', { when: inFull(created) })}` }) // prettier-ignore
  const part = (name: 'factors' | 'devices' | 'appPasswords', rows: { id: string; text: string }[], none = t('settings.none')) => (
    <section className={styles.part}>
      <Subtitle2 as="h2" className={styles.title}>{t(`settings.${name}`)}</Subtitle2>
      {rows.length === 0 && <Text>{none}</Text>}
      <ul className={styles.list} aria-label={t(`settings.${name}`)}>{rows.map(({ id, text }) => <li key={id} className={styles.row}><Text>{text}</Text></li>)}</ul>
    </section>
  ) // prettier-ignore
  return (
    <div className={styles.page}>
      <section className={styles.part}>
        <Subtitle2 as="h2" className={styles.title}>{t('settings.sessions')}</Subtitle2>
        <Saved isDone={false} error={end.error} />
        <ul className={styles.list} aria-label={t('settings.sessions')}>
          {data.sessions.map(({ id, browser, since, secondFactor, isThis }) => {
            const when = inFull(since)
            const text = [...(browser ? [browser] : []), t(isThis ? 'settings.sessionHere' : 'settings.sessionSince', { when }), ...(secondFactor ? [t('settings.secondFactorShown')] : [])].join(', ')
            return (
              <li key={id} className={styles.row}>
                <Text>{text}</Text>
                {!isThis && <Button aria-label={t('settings.endSession', { when })} disabled={end.isPending} onClick={() => end.mutate(id)}>{t('settings.end')}</Button>}
              </li>
            )
          })}
        </ul>
      </section>
      {part('factors', data.factors.map(({ kind, ...factor }) => ({ ...named({ ...factor, name: `${t(`settings.${kind}`)}: ${factor.name}` }) })))}
      <Text>{t('settings.recoveryCodes', { codes: data.recoveryCodes })}</Text>
      {part('devices', data.devices.map(named))}
      {part('appPasswords', data.appPasswords.map(named), data.appPasswordsAllowed ? t('settings.none') : t('settings.notAllowed'))}
      <Text><Anchor href="/account/security">{t('settings.manage')}</Anchor> {t('settings.manageHint')}</Text>
    </div>
  ) // prettier-ignore
}
