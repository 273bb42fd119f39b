import { Button, Spinner, Text } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import { createDraft, startOf, type Draft } from './draft.ts'
import { closeCompose, type Opening } from './opened.ts'
import { nothing } from './written.ts'
import { WritingPane } from './writing-pane.tsx'

export type ComposeOptions = Answer<'composeOptions'>

/** Gets what is to be written on, and then lets write. */
export default function ComposePane({ opening, mailbox }: { opening: Opening; mailbox: string }) {
  const { t } = useTexts()
  const [token] = useState(() => crypto.randomUUID())
  const [draft, setDraft] = useState<Draft | undefined>(opening.kind === 'live' ? opening.draft : undefined)
  const { data: options, error: noOptions } = useQuery({ queryKey: ['compose', 'options'], queryFn: () => ask('composeOptions', {}) })
  const [error, setError] = useState<Error>()
  useEffect(() => {
    if (opening.kind === 'live' || draft || !options) return
    let isWanted = true
    // Strict mode begins twice: the second finds what the first has made, by its token.
    begun(opening, mailbox, token, options).then(
      (made) => isWanted && setDraft(made),
      (failed: Error) => isWanted && setError(failed),
    )
    return () => void (isWanted = false)
  }, [opening, mailbox, token, options, draft])
  const failed = error ?? noOptions
  if (failed) {
    return (
      <div>
        <Text role="alert">{failed.message}</Text> <Button onClick={closeCompose}>{t('compose.close')}</Button>
      </div>
    )
  }
  if (!draft || !options) return <Spinner label={t('app.loading')} />
  return <WritingPane draft={draft} options={options} isReply={opening.kind === 'answer'} />
}

async function begun(opening: Exclude<Opening, { kind: 'live' }>, mailbox: string, token: string, options: ComposeOptions): Promise<Draft> {
  if (opening.kind === 'answer') {
    const { item, how } = opening
    return createDraft(startOf(mailbox, await ask('answerMessage', { item, how, token }), true))
  }
  if (opening.kind === 'attached') return createDraft(startOf(mailbox, await ask('forwardAttached', { items: opening.items, token }), true))
  if (opening.kind === 'draft') return createDraft(startOf(mailbox, await ask('openDraft', { draft: opening.item })))
  if (opening.kind === 'kept') {
    const { kept } = opening
    const files = kept.ref ? (await ask('openDraft', { draft: kept.ref }).catch(() => undefined))?.attachments : []
    return createDraft({ mailbox, kept, ...(files ? { files } : {}) })
  }
  const { signature } = options
  return createDraft({ mailbox, token, written: { ...nothing, html: signature.onNew ? `<p></p>${signature.html}` : '' } })
}

// The options show it, too: it comes with what people write in.
export { SignatureDialog } from './signature-dialog.tsx'
