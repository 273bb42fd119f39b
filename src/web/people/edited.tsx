import { MessageBar, MessageBarBody, Spinner } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'

export type Contact = NonNullable<Answer<'person'>['contact']>

/** A form of what is to be edited, once it is read; an empty one where there is no number. */
export function Edited({ item, form }: { item: number | undefined; form: (contact?: Contact) => ReactElement }) {
  const { t } = useTexts()
  const { data, error } = useQuery({
    queryKey: ['person-form', item],
    queryFn: ({ signal }) => ask('person', { contact: item! }, { signal }),
    enabled: item !== undefined,
    gcTime: 0,
    staleTime: Infinity,
  })
  if (item === undefined) return form()
  if (error) return <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar> // prettier-ignore
  return data?.contact ? form(data.contact) : <Spinner label={t('app.loading')} />
}
