import { Button, Field, Input, Link, makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components'
import { CloudRegular } from '@fluentui/react-icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { Panel } from './panel.tsx'
import type { Run } from './run.ts'
import { Verified, Who } from './verified.tsx'

const useStyles = makeStyles({
  code: { fontSize: tokens.fontSizeHero700, lineHeight: tokens.lineHeightHero700, letterSpacing: '0.1em', fontFamily: tokens.fontFamilyMonospace },
}) // prettier-ignore

type Code = Answer<'wizardCode'>

/** The account at the online organisation: its administrator signs in there, with a second factor, in a window of theirs. */
export function OnlineCard({ run }: { run: Run }) {
  const { t } = useTexts()
  const { account, answers } = run
  const url = answers.onlineUrl.trim()
  const begin = useMutation({ mutationFn: () => ask('wizardCode', { url }) })
  const verify = useMutation({
    async mutationFn({ token, secondFactor }: { token: string; secondFactor: boolean }) {
      const person = await ask('wizardOnline', { online: { url, organisation: answers.onlineDomain.trim(), token } })
      run.signedIn({ ...person, token, secondFactor })
    },
    onSettled: () => begin.reset(),
    gcTime: 0,
  })
  const error = begin.error ?? verify.error
  return (
    <Panel name={t('wizard.onlineAccount')} detail={answers.onlineDomain} icon={CloudRegular}>
      {account && <Who name={account.name || t('wizard.tokenTaken')} address={account.address} />}
      <div role="status">
        {account && <Verified secondFactor={account.secondFactor} />}
        {error && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{error.message}</MessageBarBody>
          </MessageBar>
        )}
      </div>
      {begin.data && !account && !verify.isPending && (
        <CodeToEnter url={url} code={begin.data} onToken={verify.mutate} onEnd={() => begin.mutate()} />
      )}
      {!begin.data && (
        <Button
          appearance={account ? 'secondary' : 'primary'}
          disabled={begin.isPending || verify.isPending}
          onClick={() => {
            run.signedIn(undefined)
            verify.reset()
            begin.mutate()
          }}
        >
          {account ? t('wizard.otherAccount') : t('wizard.signInOnline')}
        </Button>
      )}
      {!account && !begin.data && (
        <TokenField isBusy={verify.isPending} onToken={(token) => verify.mutate({ token, secondFactor: false })} />
      )}
    </Panel>
  )
}

interface CodeProps {
  url: string
  code: Code
  onToken: (given: { token: string; secondFactor: boolean }) => void
  onEnd: () => void
}

/** The code, the way to the page that takes it, and the wait for what comes of it. */
function CodeToEnter({ url, code, onToken, onEnd }: CodeProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const { data } = useQuery({
    queryKey: ['wizard', 'token', code.userCode],
    queryFn: ({ signal }) => ask('wizardToken', { url, code: code.code }, { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.state !== 'waiting' ? false : code.interval * 1000),
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: false,
    gcTime: 0,
  })
  useEffect(() => {
    if (data?.state === 'signedIn') onToken(data)
  }, [data, onToken])
  const isOver = data?.state === 'denied' || data?.state === 'expired'
  return (
    <>
      <Text block>{t('wizard.enterCode')}</Text>
      <Text className={styles.code}>{code.userCode}</Text>
      <Link href={code.address} target="_blank" rel="noreferrer">
        {t('wizard.openSignIn')}
      </Link>
      <div role="status">
        <Text>{isOver ? t(data.state === 'denied' ? 'wizard.denied' : 'wizard.expired') : t('wizard.waiting')}</Text>
      </div>
      {isOver && <Button onClick={onEnd}>{t('wizard.newCode')}</Button>}
    </>
  )
}

/** For who has a token of the online organisation already. */
function TokenField({ isBusy, onToken }: { isBusy: boolean; onToken: (token: string) => void }) {
  const { t } = useTexts()
  const [isOpen, open] = useState(false)
  const [token, setToken] = useState('')
  if (!isOpen) return <Link as="button" onClick={() => open(true)}>{t('wizard.useToken')}</Link> // prettier-ignore
  return (
    <>
      <Field label={t('wizard.token')}>
        <Input type="password" autoComplete="off" maxLength={8192} value={token} onChange={(_, { value }) => setToken(value.trim())} />
      </Field>
      <Button disabled={isBusy || token === ''} onClick={() => onToken(token)}>
        {t('wizard.verify')}
      </Button>
    </>
  )
}
