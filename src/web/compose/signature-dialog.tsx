import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
} from '@fluentui/react-components'
import { useQueryClient } from '@tanstack/react-query'
import type { Editor } from '@tiptap/react'
import { useRef, useState } from 'react'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'
import type { ComposeOptions } from './compose-pane.tsx'
import { RichText } from './rich-text.tsx'

/** What messages end with. */
export function SignatureDialog({ signature, onClose }: { signature: ComposeOptions['signature']; onClose: () => void }) {
  const { t } = useTexts()
  const queries = useQueryClient()
  const [given, setGiven] = useState(signature)
  const [wrong, setWrong] = useState<string>()
  const editor = useRef<Editor | null>(null)
  const save = () =>
    void ask('saveSignature', given).then(
      async () => {
        await queries.invalidateQueries({ queryKey: ['compose', 'options'] })
        onClose()
      },
      (error: Error) => setWrong(error.message),
    )
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('compose.signature')}</DialogTitle>
          <DialogContent>
            <RichText html={given.html} focused={false} editorRef={editor} onChange={(html) => setGiven((now) => ({ ...now, html }))} onPicture={async () => undefined} />
            <Checkbox label={t('compose.signNew')} checked={given.onNew} onChange={(_, { checked }) => setGiven({ ...given, onNew: checked === true })} />
            <Checkbox label={t('compose.signReplies')} checked={given.onReply} onChange={(_, { checked }) => setGiven({ ...given, onReply: checked === true })} />
            {wrong && <Text role="alert">{wrong}</Text>}
          </DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={save}>{t('compose.ok')}</Button>
            <Button onClick={onClose}>{t('compose.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  ) // prettier-ignore
}
