import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { OptionsNow } from './options.tsx'
import { RulePart } from './rule-part.tsx'
import { actionRows, filledFrom, isWhole, predicateRows, valuesFrom, type Filled } from './rule-parts.ts'
import { Saved } from './saved.tsx'

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, padding: tokens.spacingHorizontalM, backgroundColor: tokens.colorNeutralBackground2, borderRadius: tokens.borderRadiusMedium },
  tools: { display: 'flex', gap: tokens.spacingHorizontalS },
}) // prettier-ignore

/** Makes a rule or changes one: what a message has to be like, what it must not be like, and what is done with it. */
export function RuleEditor({ rule, onClose }: { rule?: OptionsNow['rules'][number]; onClose: () => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [name, setName] = useState(rule?.name ?? '')
  const [conditions, setConditions] = useState<Filled>(() => filledFrom(predicateRows, rule?.conditions ?? {}))
  const [exceptions, setExceptions] = useState<Filled>(() => filledFrom(predicateRows, rule?.exceptions ?? {}))
  const [actions, setActions] = useState<Filled>(() => filledFrom(actionRows, rule?.actions ?? {}))
  const save = useMutation({
    mutationFn: () => ask('saveRule', {
      ...(rule ? { id: rule.id } : {}),
      name,
      conditions: valuesFrom(predicateRows, conditions),
      exceptions: valuesFrom(predicateRows, exceptions),
      actions: valuesFrom(actionRows, actions),
    }),
    onSuccess: async () => { await queries.invalidateQueries({ queryKey: ['options'] }); onClose() },
  }) // prettier-ignore
  // A condition that were dropped would make the rule one for other messages.
  const parts = [[predicateRows, conditions], [predicateRows, exceptions], [actionRows, actions]] as const // prettier-ignore
  const isReady = name.trim() !== '' && Object.keys(actions).length > 0 && parts.every(([rows, filled]) => isWhole(rows, filled))
  return (
    <form className={styles.form} aria-label={rule ? t('settings.editRule', { name: rule.name }) : t('options.newRule')} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field label={t('options.ruleName')} required><Input value={name} maxLength={255} onChange={(_, { value }) => setName(value)} /></Field>
      <RulePart name="conditions" rows={predicateRows} filled={conditions} onChange={setConditions} />
      <RulePart name="actions" rows={actionRows} filled={actions} onChange={setActions} />
      <RulePart name="exceptions" rows={predicateRows} filled={exceptions} onChange={setExceptions} />
      <Saved isDone={false} error={save.error} />
      <div className={styles.tools}>
        <Button appearance="primary" type="submit" disabled={!isReady || save.isPending}>{t('options.save')}</Button>
        <Button onClick={onClose}>{t('settings.cancel')}</Button>
      </div>
    </form>
  ) // prettier-ignore
}
