import { Button, makeStyles, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components' // prettier-ignore
import { AddRegular, ArrowClockwiseRegular, DeleteRegular, EditRegular, MoreHorizontalRegular } from '@fluentui/react-icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useGo } from '../app/place.ts'
import { useTexts } from '../app/texts.ts'
import { invoke, type CmdletDescription, type Given, type Parameters } from './cmdlets.ts'
import { commandText } from './command.ts'
import { CommandForm, type Form } from './command-form.tsx'
import { DetailPanel, type Detail } from './detail-panel.tsx'
import { ListQuery, usualSize } from './list-query.tsx'
import { ListTable, type Row } from './list-table.tsx'
import type { AdminPage } from './pages.ts'
import { ShownCommand } from './shown-command.tsx'
import { identityOf, propertiesOf } from './values.ts'
import { Waiting } from './waiting.tsx'

const useStyles = makeStyles({
  whole: { display: 'grid', gridTemplateRows: 'auto auto auto minmax(0, 1fr) auto', height: '100%', minHeight: 0 },
  head: { display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, paddingInline: tokens.spacingHorizontalM, paddingBlockStart: tokens.spacingVerticalM },
  menu: { maxHeight: '50vh', overflowY: 'auto' },
  title: { margin: 0, flexGrow: 1, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold },
}) // prettier-ignore

interface PageProps {
  page: AdminPage
  cmdlets: ReadonlyMap<string, CmdletDescription>
}

interface ListPageProps extends PageProps {
  /** The object that is looked at, as the address names it; empty = none. */
  opened: string
}

/** A page of the table: what its cmdlet lists, what can be done with it, and the command that says the same. */
export function ListPage({ page, cmdlets, opened }: ListPageProps) {
  const styles = useStyles()
  const { t } = useTexts()
  const list = cmdlets.get(page.list.toLowerCase())!
  const takesSize = list.parameters.some(({ name }) => name === 'ResultSize')
  const [asked, setAsked] = useState<Parameters>(() => ({
    ...(page.hours === undefined ? {} : { Start: hoursAgo(page.hours) }),
    ...(takesSize ? { ResultSize: usualSize } : {}),
  }))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [form, setForm] = useState<Form>()
  const parameters = { ...page.with, ...asked }
  const queries = useQueryClient()
  const queryKey = ['admin', 'list', page.list, parameters]
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => invoke(page.list, parameters, { signal }),
    staleTime: 0,
  })
  const rows = useMemo(() => rowsOf(page, data?.objects ?? []), [page, data])
  const targets = rows.filter(({ id }) => chosen.has(id))
  const go = useGo()
  const open = (id: string) => go(`/ecp/${page.key}/${encodeURIComponent(id)}`)
  // Whoever goes back from here does not want to see again what was closed.
  const close = () => go(`/ecp/${page.key}`, { replace: true })
  const allowed = { page, cmdlets, onForm: (next: Form) => (opened !== '' && close(), setForm(next)) }
  const shown = rows.find(({ id }) => id === opened)?.object
  return (
    <section className={styles.whole} aria-label={t(page.name)}>
      <div className={styles.head}>
        <h1 className={styles.title}>{t(page.name)}</h1>
        {isFetching && <Spinner size="tiny" aria-label={t('app.loading')} />}
        {isFetching && <Waiting onStop={() => void queries.cancelQueries({ queryKey })} />}
        <NewButton {...allowed} />
        <ActionButtons {...allowed} targets={targets.map(({ id }) => id)} before={targets.length === 1 ? targets[0]?.object : undefined} />
        <Button appearance="subtle" icon={<ArrowClockwiseRegular />} onClick={() => void refetch()}>{t('admin.refresh')}</Button>
      </div>
      <div><ListQuery cmdlet={list} asks={page.asks ?? []} given={asked} onAsk={(next) => (setChosen(new Set()), setAsked(next))} /></div>
      <Said error={error?.message} warnings={data?.warnings ?? []} first={data?.more === true || (takesSize && rows.length === asked.ResultSize) ? rows.length : 0} />
      <ListTable name={t(page.name)} rows={rows} columns={columnsOf(page, rows)} chosen={chosen} onChoose={setChosen} onOpen={({ id }) => open(id)} />
      <ShownCommand text={commandText(list.name, parameters, list)} />
      {opened !== '' && (
        <DetailPanel key={opened} detail={detailOf(page, cmdlets, opened, shown)} isListed={!isFetching} onClose={close} actions={(object) => <ActionButtons {...allowed} targets={[opened]} before={object} />} />
      )}
      {form && <CommandForm key={form.cmdlet.name} form={form} onClose={() => setForm(undefined)} />}
    </section>
  ) // prettier-ignore
}

/** A whole minute, as its field shows it. */
const hoursAgo = (hours: number): string => new Date(Math.floor(Date.now() / 60_000 - hours * 60) * 60_000).toISOString()

/** `first`: the list ends there, and there may be more. */
function Said({ error, warnings, first }: { error: string | undefined; warnings: readonly string[]; first: number }) {
  const { t } = useTexts()
  const texts = [...warnings.slice(0, 5), ...(first > 0 ? [t('admin.mayBeMore', { count: first })] : [])]
  return (
    <div role="status">
      {error !== undefined && <MessageBar intent="error" layout="multiline"><MessageBarBody>{error}</MessageBarBody></MessageBar>}
      {texts.map((text) => <MessageBar key={text} intent="info" layout="multiline"><MessageBarBody>{text}</MessageBarBody></MessageBar>)}
    </div>
  ) // prettier-ignore
}

interface ActionsProps extends PageProps {
  onForm: (form: Form) => void
}

function NewButton({ page: { create, createWith, createFirst }, cmdlets, onForm }: ActionsProps) {
  const { t } = useTexts()
  const cmdlet = create === undefined ? undefined : cmdlets.get(create.toLowerCase())
  if (!cmdlet) return null
  const form = { cmdlet, targets: [], identityParameter: '', ...(createWith ? { with: createWith } : {}), ...(createFirst ? { first: createFirst } : {}) } // prettier-ignore
  return (
    <Button appearance="primary" icon={<AddRegular />} onClick={() => onForm(form)}>
      {t('admin.new')}
    </Button>
  )
}

function ActionButtons({
  page,
  cmdlets,
  targets,
  before,
  onForm,
}: ActionsProps & { targets: readonly string[]; before: Given | undefined }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (targets.length === 0) return null
  const known = (name: string | undefined) => (name === undefined ? undefined : cmdlets.get(name.toLowerCase()))
  const formOf = (cmdlet: CmdletDescription): Form => {
    const identityParameter = page.identityParameter ?? 'Identity'
    const isEdit = cmdlet.name === page.edit
    return { cmdlet, targets, identityParameter, ...(isEdit && before ? { before } : {}), ...(isEdit && page.editFirst ? { first: page.editFirst } : {}) } // prettier-ignore
  }
  const [edit, remove] = [known(page.edit), known(page.remove)]
  const actions = (page.actions ?? []).flatMap((name) => known(name) ?? [])
  return (
    <>
      {edit && <Button icon={<EditRegular />} onClick={() => onForm(formOf(edit))}>{t('admin.edit')}</Button>}
      {remove && <Button icon={<DeleteRegular />} onClick={() => onForm(formOf(remove))}>{t('admin.remove')}</Button>}
      {actions.length > 0 && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button icon={<MoreHorizontalRegular />}>{t('admin.actions')}</Button>
          </MenuTrigger>
          <MenuPopover className={styles.menu}>
            <MenuList>
              {actions.map((cmdlet) => <MenuItem key={cmdlet.name} onClick={() => onForm(formOf(cmdlet))}><Text block>{cmdlet.name}</Text><Text size={200}>{cmdlet.summary}</Text></MenuItem>)}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </>
  ) // prettier-ignore
}

/** Rows with a name each; where an object has none, its place in the list is it. */
function rowsOf({ identity = 'Identity' }: AdminPage, objects: readonly Given[]): Row[] {
  const seen = new Map<string, number>()
  return objects.map((object, at) => {
    const name = identityOf(object, identity) || String(at + 1)
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return { id: times === 0 ? name : `${name} (${times + 1})`, object }
  })
}

/** Columns that the objects have: a kind can lack some. */
function columnsOf({ columns }: AdminPage, rows: readonly Row[]): readonly string[] {
  const [first] = rows
  if (!first) return columns
  const shown = columns.filter((column) => rows.some(({ object }) => object[column] !== undefined))
  return shown.length > 0 ? shown : propertiesOf(first.object).slice(0, 5)
}

function detailOf(page: AdminPage, cmdlets: PageProps['cmdlets'], id: string, object: Given | undefined): Detail {
  const cmdlet = page.detail === undefined ? (object ? undefined : listOfOne(page, cmdlets)) : cmdlets.get(page.detail.toLowerCase())
  return { id, parameters: { [page.identityParameter ?? 'Identity']: id }, ...(object ? { object } : {}), ...(cmdlet ? { cmdlet } : {}) }
}

/** The cmdlet of the list, where it can be asked for one object by its name. */
function listOfOne({ list, identity = 'Identity', identityParameter = 'Identity', asks }: AdminPage, cmdlets: PageProps['cmdlets']) {
  const cmdlet = cmdlets.get(list.toLowerCase())
  const isNamed = cmdlet?.parameters.some(({ name }) => name === identityParameter)
  return isNamed && identity === identityParameter && !asks?.includes(identityParameter) ? cmdlet : undefined
}
