import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens, Toolbar, ToolbarButton } from '@fluentui/react-components'
import { ArrowUndoRegular, DeleteRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { AskFirst } from '../app/ask-first.tsx'
import { useTexts } from '../app/texts.ts'
import { Filter, type Wanted } from './filter.tsx'
import { ItemTable } from './item-table.tsx'
import { Results, type Result } from './results.tsx'

export type DeletedItem = Answer<'findRecoverable'>['items'][number]

/** Rows at first, and so many more each time; items of one question. */
const rowsAtOnce = 100
const mostRows = 2000
const itemsAtOnce = 200
const useStyles = makeStyles({
  tools: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexWrap: 'wrap' },
  more: { alignSelf: 'flex-start' },
})

/** Deleted items: found, chosen, brought back or purged. */
export function DeletedItems() {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [wanted, setWanted] = useState<Wanted>({})
  const [limit, setLimit] = useState(rowsAtOnce)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [asking, setAsking] = useState(false)
  const [results, setResults] = useState<Result[]>([])
  const { data, error } = useQuery({
    queryKey: ['recoverable', 'items', wanted, limit],
    queryFn: ({ signal }) => ask('findRecoverable', { ...wanted, limit }, { signal }),
    placeholderData: (before) => before,
  })
  const items = data?.items ?? []
  const marked = items.filter(({ id }) => chosen.has(id))
  const settled = (done: Result[]) => {
    setResults(done)
    setChosen(new Set())
    void queries.invalidateQueries()
  }
  const restore = useMutation({ mutationFn: restoreAll, onSuccess: settled })
  const purge = useMutation({ mutationFn: purgeAll, onSuccess: settled })
  const busy = restore.isPending || purge.isPending
  const failed = error ?? restore.error ?? purge.error
  return (
    <>
      <Filter wanted={wanted} onWanted={setWanted} />
      <Toolbar aria-label={t('recover.title')} className={styles.tools}>
        <ToolbarButton appearance="primary" icon={<ArrowUndoRegular />} disabled={marked.length === 0 || busy} onClick={() => restore.mutate(marked)}>{t('recover.restore')}</ToolbarButton>
        <ToolbarButton icon={<DeleteRegular />} disabled={marked.length === 0 || busy} onClick={() => setAsking(true)}>{t('recover.purge')}</ToolbarButton>
        <Text role="status">{busy ? t('app.loading') : marked.length > 0 ? t('recover.selected', { count: marked.length }) : ''}</Text>
      </Toolbar>
      {failed && <MessageBar intent="error"><MessageBarBody>{failed.message}</MessageBarBody></MessageBar>}
      <Results results={results} />
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data && items.length === 0 && <Text as="p">{t('recover.empty')}</Text>}
      {items.length > 0 && <ItemTable items={items} chosen={chosen} onChosen={setChosen} />}
      {data?.more && limit < mostRows && <Button className={styles.more} onClick={() => setLimit(Math.min(limit * 2, mostRows))}>{t('recover.more')}</Button>}
      <AskFirst
        open={asking}
        texts={{ title: t('recover.purgeAsk', { count: marked.length }), text: t('recover.purgeHint'), yes: t('recover.purge'), no: t('recover.cancel') }}
        onYes={() => { setAsking(false); purge.mutate(marked) }}
        onClose={() => setAsking(false)}
      />
    </>
  ) // prettier-ignore
}

/** Parts of a list as one question takes them. */
function* parts(items: readonly DeletedItem[]): Generator<DeletedItem[]> {
  for (let at = 0; at < items.length; at += itemsAtOnce) yield items.slice(at, at + itemsAtOnce)
}

async function restoreAll(items: readonly DeletedItem[]): Promise<Result[]> {
  const results: Result[] = []
  for (const part of parts(items)) {
    const { outcomes } = await ask('restoreItems', { items: part.map(({ id }) => id) })
    for (const [at, outcome] of outcomes.entries()) results.push({ subject: part[at]!.subject, ...outcome })
  }
  return results
}

async function purgeAll(items: readonly DeletedItem[]): Promise<Result[]> {
  const results: Result[] = []
  let purged = 0
  for (const part of parts(items)) {
    const answer = await ask('purgeItems', { items: part.map(({ id }) => id) })
    purged += answer.purged
    for (const { item, refused } of answer.refused) results.push({ subject: part.find(({ id }) => id === item)?.subject ?? '', refused })
  }
  return [{ purged }, ...results]
}
