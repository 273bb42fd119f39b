import type { QueryClient } from '@tanstack/react-query'
import { signedOut } from './api.ts'
import { firstWatermark, forgetFirstAnswers } from './first-answer.ts'

/** What is shown of a mailbox is asked for anew when something happened there since the page was made. Keys of queries begin with the area that they are of. */
export function listen(queries: QueryClient): void {
  const source = new EventSource(`/owa/events${firstWatermark === undefined ? '' : `?since=${firstWatermark}`}`)
  source.addEventListener('changed', () => {
    forgetFirstAnswers()
    void queries.invalidateQueries({ predicate: ({ queryKey }) => mailboxAreas.has(String(queryKey[0])) })
  })
  source.addEventListener('signedOut', () => {
    source.close()
    signedOut.dispatchEvent(new Event('signedOut'))
  })
}

/** First words of the keys of queries that show something of the mailbox. Forms of the options keep what was typed. */
const mailboxAreas = new Set(['mail', 'calendar', 'people', 'tasks', 'notes', 'options', 'recoverable'])
