import { Button, Checkbox } from '@fluentui/react-components'
import { useQueryClient } from '@tanstack/react-query'
import type { Editor } from '@tiptap/react'
import { useRef, useState } from 'react'
import { ask } from '../app/api.ts'
import { DialogFrame } from '../app/dialog.tsx'
import { useTexts } from '../app/texts.ts'
import type { ComposeOptions } from './compose-pane.tsx'
import { RichText } from './rich-text.tsx'

/** What messages end with. */
export function SignatureDialog({ signature, onClose }: { signature: ComposeOptions['signature']; onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [given, setGiven] = useState(signature)
  const [wrong, setWrong] = useState<Error>()
  const editor = useRef<Editor | null>(null)
  const save = () =>
    void ask('saveSignature', given).then(async () => {
      await queries.invalidateQueries({ queryKey: ['compose', 'options'] })
      onClose()
    }, setWrong)
  return (
    <DialogFrame title={t('compose.signature')} closeText={t('compose.cancel')} onClose={onClose} error={wrong ?? null} actions={<Button appearance="primary" onClick={save}>{t('compose.ok')}</Button>}>
      <RichText html={given.html} focused={false} editorRef={editor} onChange={(html) => setGiven((now) => ({ ...now, html }))} onPicture={async () => undefined} />
      <Checkbox label={t('compose.signNew')} checked={given.onNew} onChange={(_, { checked }) => setGiven({ ...given, onNew: checked === true })} />
      <Checkbox label={t('compose.signReplies')} checked={given.onReply} onChange={(_, { checked }) => setGiven({ ...given, onReply: checked === true })} />
    </DialogFrame>
  ) // prettier-ignore
}
