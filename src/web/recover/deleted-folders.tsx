import { Button, Checkbox, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components'
import { FolderRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { inShort } from '../app/times.ts'

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, maxWidth: '900px' },
  row: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM, paddingBlock: tokens.spacingVerticalS, borderBottomWidth: '1px', borderBottomStyle: 'solid', borderBottomColor: tokens.colorNeutralStroke2 },
  words: { display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  icon: { flexShrink: 0 },
  dim: { color: tokens.colorNeutralForeground3 },
}) // prettier-ignore

/** Folder trees that were deleted, each to be brought back as it was. */
export function DeletedFolders() {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [earlier, setEarlier] = useState(false)
  const { data, error } = useQuery({ queryKey: ['recoverable', 'folders'], queryFn: ({ signal }) => ask('deletedFolders', {}, { signal }) })
  const restore = useMutation({
    mutationFn: (folder: number) => restoreTree(folder, earlier),
    onSettled: () => queries.invalidateQueries(),
  })
  const failed = error ?? restore.error
  const done = restore.data
  return (
    <>
      <Checkbox label={t('recover.earlier')} checked={earlier} onChange={(_, { checked }) => setEarlier(checked === true)} />
      <div role="status">
        {restore.isPending && <Spinner size="tiny" label={t('app.loading')} />}
        {done && <MessageBar intent="success" layout="multiline"><MessageBarBody>{t('recover.folderBack', { path: done.path.join(' / '), count: done.items })}</MessageBarBody></MessageBar>}
      </div>
      {failed && <MessageBar intent="error"><MessageBarBody>{failed.message}</MessageBarBody></MessageBar>}
      {!data && !error && <Spinner label={t('app.loading')} />}
      {data?.folders.length === 0 && <Text as="p">{t('recover.emptyFolders')}</Text>}
      <ul className={styles.list} aria-label={t('recover.folders')}>
        {data?.folders.map(({ folder, name, path, folders, items, deleted, isRestored }) => (
          <li key={folder} className={styles.row}>
            <FolderRegular fontSize={24} className={styles.icon} aria-hidden />
            <span className={styles.words}>
              <Text weight="semibold">{path.join(' / ')}</Text>
              <Text size={200} className={styles.dim}>{`${t('recover.foldersCount', { count: folders })}, ${t('recover.itemsCount', { count: items })}`}{deleted !== undefined && ` · ${t('recover.deleted')} ${inShort(deleted)}`}</Text>
            </span>
            {isRestored && <Text size={200}>{t('recover.restored')}</Text>}
            <Button disabled={restore.isPending} aria-label={t('recover.restoreFolder', { name })} onClick={() => restore.mutate(folder)}>{t('recover.restore')}</Button>
          </li>
        ))}
      </ul>
    </>
  ) // prettier-ignore
}

/** Asks until the whole tree is back: a large one takes several answers. */
async function restoreTree(folder: number, earlier: boolean): Promise<{ path: readonly string[]; items: number }> {
  let items = 0
  for (;;) {
    const answer = await ask('restoreFolder', { folder, earlier })
    items += answer.items
    if (!answer.more) return { path: answer.folders[0]?.path ?? [], items }
  }
}
