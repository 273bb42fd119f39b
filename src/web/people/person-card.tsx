import {
  Avatar,
  Button,
  Link as Anchor,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Spinner,
  Text,
  Title3,
  tokens,
} from '@fluentui/react-components'
import { ArrowDownloadRegular, ArrowLeftRegular, DeleteRegular, EditRegular } from '@fluentui/react-icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { ask, type Answer } from '../app/api.ts'
import { AskFirst } from '../app/ask-first.tsx'
import { useGo } from '../app/place.ts'
import { culture } from '../app/culture.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { OrganisationOf } from './organisation-of.tsx'
import type { Where } from './people-list.tsx'

type Contact = NonNullable<Answer<'person'>['contact']>

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalXL, maxWidth: '720px' },
  back: { alignSelf: 'flex-start', display: 'none', color: tokens.colorBrandForegroundLink, '@media (max-width: 640px)': { display: 'inline-flex' } },
  top: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalL, flexWrap: 'wrap' },
  name: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  title: { margin: 0 },
  tools: { display: 'flex', gap: tokens.spacingHorizontalS, flexWrap: 'wrap', alignItems: 'center' },
  facts: { display: 'grid', gridTemplateColumns: 'max-content 1fr', columnGap: tokens.spacingHorizontalXL, rowGap: tokens.spacingVerticalS, margin: 0 },
  fact: { margin: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
  label: { color: tokens.colorNeutralForeground2 },
  file: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
}) // prettier-ignore

/** Everything about one person, with what can be done. */
export function PersonCard({ where, id }: { where: Where; id: string }) {
  const styles = useStyles()
  const { t } = useTexts()
  // Who is being removed is not asked for anew when the removal is heard of.
  const [leaving, setLeaving] = useState(false)
  const { data, error } = useQuery({
    enabled: !leaving,
    queryKey: ['people', 'person', where, id],
    queryFn: ({ signal }) => ask('person', where === 'contacts' ? { contact: Number(id) } : { recipient: id }, { signal }),
  })
  if (error) return <MessageBar intent="error"><MessageBarBody>{error.message}</MessageBarBody></MessageBar> // prettier-ignore
  if (!data) return <Spinner label={t('app.loading')} />
  const contact = where === 'contacts' ? data.contact : undefined
  const { recipient } = data
  const name = contact?.name ?? recipient?.name ?? ''
  const picture = contact?.picture ?? recipient?.picture
  const about = contact ? [contact.jobTitle, contact.companyName] : [recipient?.title, recipient?.department]
  return (
    <article className={styles.card} aria-labelledby="person">
      <Link to={`/owa/people/${where}`} className={styles.back}><ArrowLeftRegular aria-hidden /> {t('people.back')}</Link>
      <div className={styles.top}>
        <Avatar name={name} size={72} color="colorful" {...(picture ? { image: { src: picture } } : {})} />
        <div className={styles.name}>
          <Title3 as="h2" id="person" className={styles.title}>{name}</Title3>
          <Text>{contact?.isList ? t('people.list') : about.filter(Boolean).join(', ')}</Text>
        </div>
      </div>
      {contact && <ContactTools contact={contact} onRemoving={setLeaving} />}
      <dl className={styles.facts}>
        {contact ? <ContactFacts contact={contact} /> : (
          <>
            <Fact name="people.email"><Mail address={recipient?.address ?? ''} /></Fact>
            <Fact name="people.businessPhone">{recipient?.businessPhone}</Fact>
            <Fact name="people.mobilePhone">{recipient?.mobilePhone}</Fact>
            <Fact name="people.company">{recipient?.company}</Fact>
            <Fact name="people.office">{recipient?.office}</Fact>
          </>
        )}
      </dl>
      {recipient && <OrganisationOf recipient={recipient} />}
    </article>
  ) // prettier-ignore
}

/** One line of a card; nothing where nothing is known. */
function Fact({ name, children }: { name: TextName; children: ReactNode }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (!children) return null
  return (
    <>
      <dt className={styles.label}>{t(name)}</dt>
      <dd className={styles.fact}>{children}</dd>
    </>
  )
}

const Mail = ({ address }: { address: string }) => (address ? <Anchor href={`mailto:${encodeURIComponent(address)}`}>{address}</Anchor> : null) // prettier-ignore
const lines = ({ street, postalCode, city, state, countryOrRegion }: Contact['home']) => [street, [postalCode, city].filter(Boolean).join(' '), state, countryOrRegion].filter(Boolean).join('\n') // prettier-ignore

function ContactFacts({ contact }: { contact: Contact }) {
  if (contact.isList) return contact.members.map(({ name, address }) => <Fact key={address} name="people.contact">{`${name} <${address}>`}</Fact>) // prettier-ignore
  const emails: TextName[] = ['people.email', 'people.email2', 'people.email3']
  return (
    <>
      {emails.map((name, at) => contact.emails[at] && <Fact key={name} name={name}><Mail address={contact.emails[at]} /></Fact>)}
      <Fact name="people.businessPhone">{contact.businessPhone}</Fact>
      <Fact name="people.mobilePhone">{contact.mobilePhone}</Fact>
      <Fact name="people.homePhone">{contact.homePhone}</Fact>
      <Fact name="people.department">{contact.department}</Fact>
      <Fact name="people.businessAddress">{lines(contact.business)}</Fact>
      <Fact name="people.homeAddress">{lines(contact.home)}</Fact>
      <Fact name="people.website">{contact.website}</Fact>
      <Fact name="people.birthday">{dayText(contact.birthday)}</Fact>
      <Fact name="people.notes">{contact.notes}</Fact>
    </>
  ) // prettier-ignore
}

function ContactTools({ contact, onRemoving }: { contact: Contact; onRemoving: (isSo: boolean) => void }) {
  const { id, name, isList, card, mayChange, mayDelete } = contact
  const styles = useStyles()
  const { t } = useTexts()
  const go = useGo()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => ask('removeContact', { item: id }),
    onMutate: () => onRemoving(true),
    onError: () => onRemoving(false),
    onSuccess: () => { go('/owa/people/contacts'); void queries.invalidateQueries({ queryKey: ['people', 'list'] }) },
  }) // prettier-ignore
  return (
    <div className={styles.tools}>
      {mayChange && <Button icon={<EditRegular />} onClick={() => go(`/owa/people/contacts/${id}/${isList ? 'edit-list' : 'edit'}`)}>{t('people.edit')}</Button>}
      {mayDelete && <Button icon={<DeleteRegular />} disabled={remove.isPending} onClick={() => setAsking(true)}>{t('people.delete')}</Button>}
      {card && <Anchor href={card} download={`${name}.vcf`} className={styles.file}><ArrowDownloadRegular aria-hidden /> {t('people.card')}</Anchor>}
      {remove.error && <Text role="alert">{remove.error.message}</Text>}
      <AskFirst open={asking} texts={{ title: t('people.deleteAsk', { name }), text: t('people.deleteHint'), yes: t('people.delete'), no: t('people.cancel') }} onYes={() => { setAsking(false); remove.mutate() }} onClose={() => setAsking(false)} />
    </div>
  ) // prettier-ignore
}

/** A day, `1815-12-10`, or one of an unknown year, `--12-10`, as people write it. */
function dayText(day: string): string {
  const hasYear = !day.startsWith('--')
  const at = Date.parse(`${hasYear ? day : `1604${day.slice(1)}`}T00:00:00Z`)
  const format = { day: 'numeric', month: 'long', timeZone: 'UTC', ...(hasYear ? { year: 'numeric' as const } : {}) } as const
  return Number.isNaN(at) ? day : new Intl.DateTimeFormat(culture(), format).format(at)
}
