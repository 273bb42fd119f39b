import { Button, Field, Input, makeStyles, MessageBar, MessageBarBody, Textarea, Title3, tokens } from '@fluentui/react-components'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, type Question } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { Edited, type Contact } from './edited.tsx'

type Form = Omit<Question<'saveContact'>, 'item' | 'change'>
type Address = Form['home']
type Place = 'business' | 'home'

const largestPicture = 4 * 1024 * 1024
const empty: Form = { givenName: '', surname: '', jobTitle: '', department: '', companyName: '', website: '', emails: [], businessPhone: '', mobilePhone: '', homePhone: '', business: {}, home: {}, birthday: '', notes: '' } // prettier-ignore
const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalXL, maxWidth: '720px' },
  title: { margin: 0 },
  fields: { display: 'grid', gridTemplateColumns: '1fr 1fr', gap: tokens.spacingHorizontalM, '@media (max-width: 640px)': { gridTemplateColumns: '1fr' } },
  place: { border: 'none', margin: 0, padding: 0, minWidth: 0 },
  legend: { fontWeight: tokens.fontWeightSemibold, paddingBottom: tokens.spacingVerticalS },
  tools: { display: 'flex', gap: tokens.spacingHorizontalS },
}) // prettier-ignore

/** Makes a contact, or changes one. */
export function ContactEditor({ item, onClose }: { item?: number; onClose: (item?: number) => void }) {
  return <Edited item={item} form={(seen) => <ContactForm {...(seen ? { contact: seen } : {})} onClose={onClose} />} />
}

function ContactForm({ contact, onClose }: { contact?: Contact; onClose: (item?: number) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const queries = useQueryClient()
  const [form, setForm] = useState<Form>(() => (contact ? formOf(contact) : empty))
  const [problem, setProblem] = useState<string>()
  const save = useMutation({
    mutationFn: () => ask('saveContact', { ...form, ...(contact ? { item: contact.id, change: contact.change } : {}) }),
    onSuccess: async ({ item }) => { await queries.invalidateQueries({ queryKey: ['people'] }); onClose(item) },
  }) // prettier-ignore
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }))
  const line = (name: 'givenName' | 'surname' | 'jobTitle' | 'department' | 'companyName' | 'website' | 'businessPhone' | 'mobilePhone' | 'homePhone', label: TextName) => (
    <Field label={t(label)}><Input value={form[name]} maxLength={255} onChange={(_, { value }) => set({ [name]: value })} /></Field>
  ) // prettier-ignore
  const email = (at: number, label: TextName) => (
    <Field label={t(label)}><Input type="email" value={form.emails[at] ?? ''} maxLength={320} onChange={(_, { value }) => set({ emails: [0, 1, 2].map((one) => (one === at ? value : (form.emails[one] ?? ''))) })} /></Field>
  ) // prettier-ignore
  const submit = () => {
    if (![form.givenName, form.surname, form.companyName, ...form.emails].some((one) => one.trim()))
      return setProblem(t('people.nameNeeded'))
    setProblem(undefined)
    save.mutate()
  }
  const said = problem ?? save.error?.message
  return (
    <form className={styles.form} aria-labelledby="contact-form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Title3 as="h2" id="contact-form" className={styles.title}>{t(contact ? 'people.editContact' : 'people.newContact')}</Title3>
      <div role="alert">{said && <MessageBar intent="error"><MessageBarBody>{said}</MessageBarBody></MessageBar>}</div>
      <div className={styles.fields}>
        {line('givenName', 'people.givenName')}
        {line('surname', 'people.surname')}
        {email(0, 'people.email')}
        {email(1, 'people.email2')}
        {email(2, 'people.email3')}
        {line('mobilePhone', 'people.mobilePhone')}
        {line('businessPhone', 'people.businessPhone')}
        {line('homePhone', 'people.homePhone')}
        {line('companyName', 'people.company')}
        {line('jobTitle', 'people.jobTitle')}
        {line('department', 'people.department')}
        {line('website', 'people.website')}
        <Field label={t('people.birthday')}><Input type="date" value={form.birthday} onChange={(_, { value }) => set({ birthday: value })} /></Field>
        <Field label={t('people.picture')}>
          <input type="file" aria-label={t("people.picture")} accept="image/png,image/jpeg,image/gif" onChange={({ target }) => void pictureOf(target.files?.[0]).then((picture) => set({ picture }), () => setProblem(t('people.pictureTooLarge')))} />
        </Field>
      </div>
      <PlaceFields place="business" value={form.business} onChange={(business) => set({ business })} />
      <PlaceFields place="home" value={form.home} onChange={(home) => set({ home })} />
      <Field label={t('people.notes')}><Textarea value={form.notes} rows={4} onChange={(_, { value }) => set({ notes: value })} /></Field>
      <div className={styles.tools}>
        <Button appearance="primary" type="submit" disabled={save.isPending}>{t('people.save')}</Button>
        <Button onClick={() => onClose(contact?.id)}>{t('people.cancel')}</Button>
      </div>
    </form>
  ) // prettier-ignore
}

function PlaceFields({ place, value, onChange }: { place: Place; value: Address; onChange: (value: Address) => void }) {
  const styles = useStyles()
  const { t } = useTexts()
  const rows: [keyof Address, TextName][] = [['street', 'people.street'], ['postalCode', 'people.postalCode'], ['city', 'people.city'], ['state', 'people.state'], ['countryOrRegion', 'people.country']] // prettier-ignore
  return (
    <fieldset className={styles.place}>
      <legend className={styles.legend}>{t(`people.${place}Address`)}</legend>
      <div className={styles.fields}>
        {rows.map(([name, label]) => (
          <Field key={name} label={t(label)}>
            <Input value={value[name] ?? ''} maxLength={255} onChange={(_, { value: text }) => onChange({ ...value, [name]: text })} />
          </Field>
        ))}
      </div>
    </fieldset>
  )
}

function formOf({ givenName, surname, jobTitle, department, companyName, website, emails, businessPhone, mobilePhone, homePhone, business, home, birthday, notes }: Contact): Form {
  return { ...{ givenName, surname, jobTitle, department, companyName, website, emails }, ...{ businessPhone, mobilePhone, homePhone, business, home, birthday, notes } }
} // prettier-ignore

/** A file's bytes as the site takes them; more than it takes is an error. */
async function pictureOf(file: File | undefined): Promise<string | undefined> {
  if (!file) return undefined
  if (file.size > largestPicture) throw new RangeError('the picture is too large')
  return new Uint8Array(await file.arrayBuffer()).toBase64()
}
