import { makeStyles, Subtitle2, tokens } from '@fluentui/react-components'
import { Link } from '@tanstack/react-router'
import type { Answer } from '../app/api.ts'
import { useTexts, type TextName } from '../app/texts.ts'
import { PersonLine, type PersonRow } from './people-list.tsx'

type Recipient = NonNullable<Answer<'person'>['recipient']>

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM },
  person: { display: 'block', padding: tokens.spacingHorizontalS, borderRadius: tokens.borderRadiusMedium, color: 'inherit', textDecorationLine: 'none', backgroundColor: tokens.colorNeutralBackground2, minWidth: '200px', ':hover': { backgroundColor: tokens.colorNeutralBackground2Hover } },
  title: { margin: 0 },
}) // prettier-ignore

/** Whom somebody reports to, who reports to them, and who is in a group. */
export function OrganisationOf({ recipient: { manager, reports, members } }: { recipient: Recipient }) {
  const styles = useStyles()
  return (
    <div className={styles.whole}>
      <Others name="people.manager" people={manager ? [manager] : []} />
      <Others name="people.reports" people={reports} />
      <Others name="people.members" people={members} />
    </div>
  )
}

function Others({ name, people }: { name: TextName; people: PersonRow[] }) {
  const styles = useStyles()
  const { t } = useTexts()
  if (people.length === 0) return null
  return (
    <section>
      <Subtitle2 as="h3" className={styles.title}>
        {t(name)}
      </Subtitle2>
      <ul className={styles.list} aria-label={t(name)}>
        {people.map((person) => (
          <li key={person.id}>
            <Link to={`/owa/people/directory/${person.id}`} className={styles.person}>
              <PersonLine person={person} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
