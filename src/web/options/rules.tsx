import { Button, makeStyles, Switch, Text, tokens } from '@fluentui/react-components'
import { AddRegular, ArrowDownRegular, ArrowUpRegular, DeleteRegular, EditRegular } from '@fluentui/react-icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { OptionsNow } from './options.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, maxWidth: '720px' },
  add: { alignSelf: 'flex-start' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  rule: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
  name: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
}) // prettier-ignore

/** The rules on what arrives, in their order. */
export function Rules({ rules }: { rules: OptionsNow['rules'] }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  /** The rule that is edited, by its number; `new` = one is made. */
  const [edited, setEdited] = useState<string>()
  const change = useMutation({
    mutationFn: (asked: Question<'changeRule'>) => ask('changeRule', asked),
    onSettled: () => queries.invalidateQueries({ queryKey: ['options'] }),
  })
  return (
    <div className={styles.whole}>
      <Text>{t('options.rulesHint')}</Text>
      {edited === 'new' ? <RuleEditor onClose={() => setEdited(undefined)} /> : <Button className={styles.add} icon={<AddRegular />} onClick={() => setEdited('new')}>{t('options.newRule')}</Button>}
      <Saved isDone={false} error={change.error} />
      {rules.length === 0 && <Text>{t('options.noRules')}</Text>}
      <ol className={styles.list} aria-label={t('options.rules')}>
        {rules.map((rule, at) => {
          const { id, name, enabled, inError } = rule
          if (edited === id) return <li key={id}><RuleEditor rule={rule} onClose={() => setEdited(undefined)} /></li>
          return <li key={id} className={styles.rule}>
            <Switch checked={enabled} aria-label={name} onChange={(_, { checked }) => change.mutate({ id, how: checked ? 'enable' : 'disable' })} />
            <Text className={styles.name}>{inError ? `${name} (${t('options.inError')})` : name}</Text>
            <Button appearance="subtle" icon={<EditRegular />} aria-label={t('settings.editRule', { name })} disabled={change.isPending} onClick={() => setEdited(id)} />
            <Button appearance="subtle" icon={<ArrowUpRegular />} aria-label={t('options.up', { name })} disabled={at === 0 || change.isPending} onClick={() => change.mutate({ id, how: 'up' })} />
            <Button appearance="subtle" icon={<ArrowDownRegular />} aria-label={t('options.down', { name })} disabled={at === rules.length - 1 || change.isPending} onClick={() => change.mutate({ id, how: 'down' })} />
            <Button appearance="subtle" icon={<DeleteRegular />} aria-label={t('options.deleteRule', { name })} disabled={change.isPending} onClick={() => change.mutate({ id, how: 'delete' })} />
          </li>
        })}
      </ol>
    </div>
  ) // prettier-ignore
}
