import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DrawerBody, DrawerFooter, DrawerHeader, DrawerHeaderTitle, Input, makeStyles, OverlayDrawer, tokens } from '@fluentui/react-components' // prettier-ignore
import { DismissRegular, StopRegular } from '@fluentui/react-icons'
import { useState } from 'react'
import { useTexts } from '../app/texts.ts'
import type { CmdletDescription, Given, ParameterDescription, Parameters } from './cmdlets.ts'
import { commandText } from './command.ts'
import { Field } from './field.tsx'
import { formFields, missing, sent, valuesOf } from './fields.ts'
import { RunResults } from './run-results.tsx'
import { useRuns } from './runs.ts'
import { ShownCommand } from './shown-command.tsx'

export interface Form {
  cmdlet: CmdletDescription
  /** What the cmdlet is about: run once for each; none = run once, about nothing that was chosen. */
  targets: readonly string[]
  /** The parameter that takes them; empty = none does. */
  identityParameter: string
  /** What is always given. */
  with?: Parameters
  first?: readonly string[]
  /** The one that is edited, as it is. */
  before?: Given
}

const useStyles = makeStyles({
  fields: { display: 'grid', gap: tokens.spacingVerticalM, paddingBlock: tokens.spacingVerticalM },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  about: { margin: 0, color: tokens.colorNeutralForeground3 },
})

/** Asks what a cmdlet takes, shows what it would do, runs it for each of the chosen, and shows what came of it. */
export function CommandForm({ form, onClose }: { form: Form; onClose: () => void }) {
  const { cmdlet, targets, identityParameter, before } = form
  const styles = useStyles()
  const { t } = useTexts()
  const [given, setGiven] = useState<Parameters>({})
  const [asked, setAsked] = useState(false)
  const runs = useRuns()
  const always = form.with ?? {}
  const { first, more } = formFields(cmdlet, form.first, [...Object.keys(always), ...(targets.length > 0 ? [identityParameter] : [])])
  const lacking = missing([...first, ...more], given)
  const about = (target: string): Parameters => (target === '' || identityParameter === '' ? {} : { [identityParameter]: target })
  const each = (extra: Parameters = {}) =>
    (targets.length > 0 ? targets : ['']).map((target) => ({
      target,
      parameters: { ...about(target), ...always, ...sent(given), ...extra },
    }))
  const text = each().map(({ parameters }) => commandText(cmdlet.name, parameters, cmdlet)).join('\n') // prettier-ignore
  const run = async () => {
    setAsked(false)
    const results = await runs.start(cmdlet.name, each())
    const said = results.some(({ error, warnings, objects }) => error !== undefined || warnings.length > 0 || (!cmdlet.changes && objects.length >= 0)) // prettier-ignore
    if (targets.length < 2 && !said) onClose()
  }
  const title = targets.length > 1 ? t('admin.manyChosen', { cmdlet: cmdlet.name, count: targets.length }) : cmdlet.name
  return (
    <OverlayDrawer open position="end" size="medium" onOpenChange={(_, { open }) => !open && onClose()}>
      <DrawerHeader>
        <DrawerHeaderTitle action={<Button appearance="subtle" aria-label={t('admin.close')} icon={<DismissRegular />} onClick={onClose} />}>
          {title}
        </DrawerHeaderTitle>
        <p className={styles.about}>{targets.length === 1 ? targets[0] : cmdlet.summary}</p>
      </DrawerHeader>
      <DrawerBody>
        <Fields {...{ first, more, given, before: valuesOf(cmdlet, before), onChange: setGiven, canChange: targets.length > 0 }} />
      </DrawerBody>
      <RunResults runs={runs} />
      <ShownCommand text={text} />
      <DrawerFooter className={styles.actions}>
        <Button appearance="primary" disabled={runs.running || lacking.length > 0} onClick={() => (cmdlet.destroys ? setAsked(true) : void run())}>
          {t(cmdlet.changes ? 'admin.save' : 'admin.run')}
        </Button>
        {cmdlet.changes && (
          <Button disabled={runs.running || lacking.length > 0} onClick={() => void runs.start(cmdlet.name, each({ WhatIf: true }))}>
            {t('admin.preview')}
          </Button>
        )}
        {runs.running && <Button icon={<StopRegular />} onClick={runs.stop}>{t('admin.stop')}</Button>}
        <Button onClick={onClose}>{t('admin.close')}</Button>
      </DrawerFooter>
      {asked && <Sure form={form} onYes={() => void run()} onNo={() => setAsked(false)} />}
    </OverlayDrawer>
  ) // prettier-ignore
}

function Sure({ form: { cmdlet, targets }, onYes, onNo }: { form: Form; onYes: () => void; onNo: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog open modalType="alert" onOpenChange={onNo}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('admin.sure', { cmdlet: cmdlet.name })}</DialogTitle>
          <DialogContent>
            <p>{cmdlet.summary}</p>
            <p>{targets.slice(0, 20).join(', ')}</p>
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={onYes}>
              {t('admin.yes')}
            </Button>
            <Button onClick={onNo}>{t('admin.no')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}

interface FieldsProps {
  first: readonly ParameterDescription[]
  more: readonly ParameterDescription[]
  given: Parameters
  before: Parameters
  onChange: (given: Parameters) => void
  canChange: boolean
}

function Fields({ first, more, given, before, onChange, canChange }: FieldsProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const [isOpen, setIsOpen] = useState(first.length === 0)
  const [wanted, setWanted] = useState('')
  const word = wanted.trim().toLowerCase()
  const found = more.filter(({ name, summary }) => name.toLowerCase().includes(word) || summary?.toLowerCase().includes(word))
  const one = (parameter: ParameterDescription) => {
    const { name } = parameter
    return <Field key={name} parameter={parameter} before={before[name]} value={given[name]} canChange={canChange} onChange={(value) => onChange({ ...given, [name]: value })} /> // prettier-ignore
  }
  return (
    <div className={styles.fields}>
      {first.map(one)}
      {more.length > 0 && (
        <Button appearance="subtle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('admin.moreSettings', { count: more.length })}
        </Button>
      )}
      {isOpen && more.length > 0 && <Input aria-label={t('admin.findSetting')} placeholder={t('admin.findSetting')} value={wanted} onChange={(_, { value }) => setWanted(value)} />}
      {isOpen && found.map(one)}
    </div>
  ) // prettier-ignore
}
