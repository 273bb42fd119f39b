import { makeStyles, tokens } from '@fluentui/react-components'
import { getSchema, type Extensions, type JSONContent } from '@tiptap/core'
import Image from '@tiptap/extension-image'
import Placeholder from '@tiptap/extension-placeholder'
import { DOMParser } from '@tiptap/pm/model'
import { EditorContent, useEditor, type Editor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { useTexts } from '../app/texts.ts'
import { FormatBar } from './format-bar.tsx'
import { inertDocument } from './inert.ts'
import './compose.css'

const useStyles = makeStyles({
  text: { flexGrow: 1, cursor: 'text' },
  bar: { position: 'sticky', top: 0, zIndex: 1, backgroundColor: tokens.colorNeutralBackground1, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
}) // prettier-ignore

const extensions: Extensions = [
  StarterKit.configure({ link: { openOnClick: false, defaultProtocol: 'https', protocols: ['mailto', 'tel'] } }),
  Image.configure({ inline: true, allowBase64: false }),
]
const schema = getSchema(extensions)

/** HTML as the editor takes it: what its schema does not know is left out, text is kept. */
function contentOf(html: string): JSONContent {
  return DOMParser.fromSchema(schema)
    .parse(inertDocument(html || '<p></p>').body)
    .toJSON() as JSONContent
}

/** Puts HTML in where the cursor is. */
export function insertHtml(editor: Editor, html: string): void {
  editor
    .chain()
    .focus()
    .insertContent(contentOf(html).content ?? [])
    .run()
}

/** The text of a message with its toolbar. `html` is what it begins with; pictures that are pasted or dropped go to `onPicture`. */
export function RichText({
  html,
  focused,
  onChange,
  onPicture,
  editorRef,
}: {
  html: string
  focused: boolean
  onChange: (html: string) => void
  onPicture: (file: File) => Promise<string | undefined>
  editorRef: RefObject<Editor | null>
}) {
  const styles = useStyles()
  const { t } = useTexts()
  const heard = useRef({ onChange, onPicture })
  useEffect(() => void (heard.current = { onChange, onPicture }))
  const placeholder = t('compose.text')
  const all = useMemo(() => [...extensions, Placeholder.configure({ placeholder })], [placeholder])
  const editor = useEditor({
    extensions: all,
    content: contentOf(html),
    // Its style sheet stands in ours: the policy of the page takes no other.
    injectCSS: false,
    autofocus: focused ? 'start' : false,
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': placeholder },
      handlePaste: (_, event) => takePictures(event.clipboardData?.files),
      handleDrop: (_, event) => takePictures(event.dataTransfer?.files, event),
    },
    onUpdate: ({ editor: changed }) => heard.current.onChange(changed.getHTML()),
  })
  useEffect(() => void (editorRef.current = editor), [editor, editorRef])

  function takePictures(files: FileList | undefined, event?: Event): boolean {
    const pictures = [...(files ?? [])].filter(({ type }) => /^image\/(png|jpeg|gif|webp)$/.test(type))
    if (pictures.length === 0 || pictures.length !== files?.length) return false
    event?.stopPropagation()
    for (const picture of pictures) {
      void heard.current.onPicture(picture).then((src) => {
        if (src) editorRef.current?.chain().focus().setImage({ src, alt: picture.name }).run()
      })
    }
    return true
  }

  return (
    <>
      <div className={styles.bar}>{editor && <FormatBar editor={editor} />}</div>
      <EditorContent editor={editor} className={styles.text} onClick={() => editor?.isFocused === false && editor.commands.focus('end')} />
    </>
  )
}
