import {
  Button,
  Field,
  Input,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  Toolbar,
  ToolbarButton,
  ToolbarDivider,
  tokens,
} from '@fluentui/react-components'
import {
  LinkRegular,
  TextBoldRegular,
  TextBulletListLtrRegular,
  TextClearFormattingRegular,
  TextItalicRegular,
  TextNumberListLtrRegular,
  TextQuoteRegular,
  TextStrikethroughRegular,
  TextUnderlineRegular,
  type FluentIcon,
} from '@fluentui/react-icons'
import { useEditorState, type Editor } from '@tiptap/react'
import { useState } from 'react'
import { useTexts, type TextName } from '../app/texts.ts'

const useStyles = makeStyles({
  bar: { flexWrap: 'wrap', paddingInline: 0 },
  on: { backgroundColor: tokens.colorNeutralBackground1Selected },
  link: { display: 'flex', gap: tokens.spacingHorizontalS, alignItems: 'end' },
})

interface Format {
  name: string
  text: TextName
  icon: FluentIcon
  run: (editor: Editor) => boolean
}
const formats: readonly Format[] = [
  { name: 'bold', text: 'compose.bold', icon: TextBoldRegular, run: (editor) => editor.chain().focus().toggleBold().run() },
  { name: 'italic', text: 'compose.italic', icon: TextItalicRegular, run: (editor) => editor.chain().focus().toggleItalic().run() },
  { name: 'underline', text: 'compose.underline', icon: TextUnderlineRegular, run: (editor) => editor.chain().focus().toggleUnderline().run() },
  { name: 'strike', text: 'compose.strike', icon: TextStrikethroughRegular, run: (editor) => editor.chain().focus().toggleStrike().run() },
  { name: 'bulletList', text: 'compose.bullets', icon: TextBulletListLtrRegular, run: (editor) => editor.chain().focus().toggleBulletList().run() },
  { name: 'orderedList', text: 'compose.numbers', icon: TextNumberListLtrRegular, run: (editor) => editor.chain().focus().toggleOrderedList().run() },
  { name: 'blockquote', text: 'compose.block', icon: TextQuoteRegular, run: (editor) => editor.chain().focus().toggleBlockquote().run() },
] // prettier-ignore

/** Bold, lists and the like: one stop of the tabulator, arrows within. */
export function FormatBar({ editor }: { editor: Editor }) {
  const styles = useStyles()
  const { t } = useTexts()
  const active = useEditorState({
    editor,
    selector: ({ editor: now }) => Object.fromEntries(formats.map(({ name }) => [name, now.isActive(name)])),
  })
  return (
    // Whoever presses with the mouse goes on writing at once: the focus stays in the text.
    <Toolbar className={styles.bar} size="small" aria-label={t('compose.format')} onMouseDown={(event) => event.preventDefault()}>
      {formats.map(({ name, text, icon: Icon, run }) => (
        <ToolbarButton key={name} icon={<Icon />} aria-label={t(text)} title={t(text)} aria-pressed={active[name] === true} className={active[name] ? styles.on : ''} onClick={() => run(editor)} />
      ))}
      <ToolbarDivider />
      <LinkButton editor={editor} />
      <ToolbarButton icon={<TextClearFormattingRegular />} aria-label={t('compose.plain')} title={t('compose.plain')} onClick={() => editor.chain().focus().unsetAllMarks().clearNodes().run()} />
    </Toolbar>
  ) // prettier-ignore
}

function LinkButton({ editor }: { editor: Editor }) {
  const styles = useStyles()
  const { t } = useTexts()
  const [open, setOpen] = useState(false)
  const [address, setAddress] = useState('')
  const put = () => {
    setOpen(false)
    const href = address.trim()
    const chain = editor.chain().focus()
    if (href === '') return void chain.extendMarkRange('link').unsetLink().run()
    const whole = /^[a-z][a-z0-9+.-]*:/i.test(href) ? href : `https://${href}`
    const { from, to } = editor.state.selection
    if (from === to && !editor.isActive('link'))
      chain.insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href: whole } }] }).run() // prettier-ignore
    else chain.extendMarkRange('link').setLink({ href: whole }).run()
  }
  const begin = (wanted: boolean) => {
    if (wanted) setAddress(String(editor.getAttributes('link').href ?? ''))
    setOpen(wanted)
  }
  return (
    <Popover open={open} onOpenChange={(_, { open: wanted }) => begin(wanted)} trapFocus>
      <PopoverTrigger disableButtonEnhancement>
        <ToolbarButton icon={<LinkRegular />} aria-label={t('compose.link')} title={t('compose.link')} />
      </PopoverTrigger>
      <PopoverSurface aria-label={t('compose.link')}>
        <div className={styles.link}>
          <Field label={t('compose.linkAddress')}>
            <Input type="url" value={address} onChange={(_, { value }) => setAddress(value)} onKeyDown={(event) => event.key === 'Enter' && put()} />
          </Field>
          <Button appearance="primary" onClick={put}>{t('compose.ok')}</Button>
        </div>
      </PopoverSurface>
    </Popover>
  ) // prettier-ignore
}
