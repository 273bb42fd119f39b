import { Field, Link as Anchor, makeStyles, MessageBar, MessageBarBody, Text, Title3, tokens } from '@fluentui/react-components'
import { ArrowDownloadRegular, ArrowLeftRegular } from '@fluentui/react-icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../app/api.ts'
import { useTexts } from '../app/texts.ts'

const largestFile = 10_000_000
const useStyles = makeStyles({
  page: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalL, padding: tokens.spacingHorizontalXL, maxWidth: '720px' },
  back: { alignSelf: 'flex-start', display: 'none', color: tokens.colorBrandForegroundLink, '@media (max-width: 640px)': { display: 'inline-flex' } },
  title: { margin: 0 },
  file: { display: 'inline-flex', alignItems: 'center', alignSelf: 'flex-start', gap: tokens.spacingHorizontalXS },
}) // prettier-ignore

/** Contacts from a file of vCards, and into one. */
export function ContactFile() {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const read = useMutation({
    mutationFn: async (file: File) => {
      if (file.size > largestFile) throw new RangeError(t('people.fileTooLarge'))
      return ask('importContacts', { text: await file.text() })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
  const { data, error } = read
  return (
    <section className={styles.page} aria-labelledby="contact-file">
      <Link to="/owa/people/contacts" className={styles.back}><ArrowLeftRegular aria-hidden /> {t('people.back')}</Link>
      <Title3 as="h2" id="contact-file" className={styles.title}>{t('people.cardFile')}</Title3>
      <Text>{t('people.cardFileHint')}</Text>
      <Field label={t('people.importFile')}>
        <input type="file" aria-label={t('people.importFile')} accept=".vcf,text/vcard" disabled={read.isPending} onChange={({ target }) => { const [file] = target.files ?? []; if (file) read.mutate(file); target.value = '' }} />
      </Field>
      <div role="status">
        {(data || error) && (
          <MessageBar intent={error || data?.refused ? 'warning' : 'success'} layout="multiline">
            <MessageBarBody>{error ? error.message : [t('people.imported', { taken: data!.taken, refused: data!.refused }), ...data!.why].join(' ')}</MessageBarBody>
          </MessageBar>
        )}
      </div>
      <Anchor href="/owa/contacts-file" download="contacts.vcf" className={styles.file}><ArrowDownloadRegular aria-hidden /> {t('people.exportContacts')}</Anchor>
    </section>
  ) // prettier-ignore
}
