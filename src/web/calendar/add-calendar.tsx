import { Button, Text } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'

/** Where the link of an invitation leads: the calendar of whoever shared it is shown beside the own ones, if that is wanted. */
export function AddCalendar({ address, onDone }: { address: string; onDone: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const accept = useMutation({
    mutationFn: () => ask('showCalendar', { address, isShown: true }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['calendar'] })
      onDone()
    },
  })
  return (
    <DialogFrame
      title={t('calendar.addTitle')}
      closeText={t('calendar.notNow')}
      onClose={onDone}
      error={accept.error}
      actions={<Button appearance="primary" disabled={accept.isPending} onClick={() => accept.mutate()}>{t('calendar.accept')}</Button>}
    >
      <Text>{t('calendar.addHint', { address })}</Text>
    </DialogFrame>
  ) // prettier-ignore
}
