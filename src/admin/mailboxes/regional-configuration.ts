import { nearest, Refusal, windowsZoneId, windowsZoneIds } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxFor, type MailboxNeeds } from './mailbox-for.ts'

/** Language, time zone and how dates are written: the mailbox settings `culture`, `timeZone`, `dateFormat` and `timeFormat`. */
export function regionalCmdlets({ mailboxes }: MailboxNeeds): Cmdlet[] {
  return [
    cmdlet('Get-MailboxRegionalConfiguration', {
      summary: 'Shows the language and the time zone of a mailbox.',
      roles: ['Mail Recipients', 'User Options', 'View-Only Recipients', 'MyBaseOptions'],
      parameters: {
        Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
        VerifyDefaultFolderNameLanguage: take.optional(take.switched(), {
          summary: 'Looks whether the default folders are named in the language.',
        }),
      },
      returns: 'MailboxRegionalConfiguration',
      async run({ Identity, VerifyDefaultFolderNameLanguage }, context) {
        const { caller, mailbox, recipient, identity } = await mailboxFor(context, Identity, 'see')
        const { culture, timeZone, dateFormat, timeFormat } = await mailboxes.settings(caller, mailbox)
        const language = typeof culture === 'string' ? culture : 'en-US'
        return {
          Identity: identity,
          MailboxOwnerId: recipient.displayName,
          Language: language,
          TimeZone: timeZone ?? null,
          DateFormat: dateFormat ?? usualFormat(language, 'date'),
          TimeFormat: timeFormat ?? usualFormat(language, 'time'),
          DefaultFolderNameMatchingUserLanguage: VerifyDefaultFolderNameLanguage
            ? await mailboxes.foldersAreIn(caller, mailbox, language)
            : false,
        }
      },
    }),
    cmdlet('Set-MailboxRegionalConfiguration', {
      summary: 'Sets the language and the time zone of a mailbox, and names its default folders in the language.',
      roles: ['Mail Recipients', 'User Options', 'MyBaseOptions'],
      parameters: {
        Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
        Language: take.optional(take.nullable(take.string()), { summary: 'A language with its country: `de-DE`.' }),
        TimeZone: take.optional(take.string(), { summary: 'As Windows names it: `W. Europe Standard Time`.' }),
        DateFormat: take.optional(take.nullable(take.string()), { summary: '`dd.MM.yyyy`; `$null` = as is usual in the language.' }),
        TimeFormat: take.optional(take.nullable(take.string()), { summary: '`HH:mm`; `$null` = as is usual in the language.' }),
        LocalizeDefaultFolderName: take.optional(take.switched()),
      },
      examples: [
        {
          command: "Set-MailboxRegionalConfiguration mary -Language de-DE -TimeZone 'W. Europe Standard Time' -LocalizeDefaultFolderName",
          says: 'Makes Mary’s mailbox a German one, its folders too.',
        },
      ],
      async run({ Identity, Language, TimeZone, DateFormat, TimeFormat, LocalizeDefaultFolderName }, context) {
        const { caller, mailbox } = await mailboxFor(context, Identity, 'change')
        const culture = typeof Language === 'string' ? checkedLanguage(Language) : Language
        const changes: Record<string, unknown> = {
          // Another language has other formats, unless they are said too.
          ...(culture === undefined ? {} : { culture, dateFormat: null, timeFormat: null }),
          ...(TimeZone === undefined ? {} : { timeZone: checkedZone(TimeZone) }),
          ...(DateFormat === undefined ? {} : { dateFormat: DateFormat && checkedFormat('DateFormat', DateFormat, dateForm) }),
          ...(TimeFormat === undefined ? {} : { timeFormat: TimeFormat && checkedFormat('TimeFormat', TimeFormat, timeForm) }),
        }
        if (LocalizeDefaultFolderName) {
          const language = culture === undefined ? (await mailboxes.settings(caller, mailbox)).culture : culture
          await mailboxes.localiseFolders(caller, mailbox, typeof language === 'string' ? language : 'en-US')
        }
        if (Object.keys(changes).length > 0) await mailboxes.saveSettings(caller, mailbox, changes)
      },
    }),
  ]
}

/** A language with its country, as it is written. Without a country, or unknown → InvalidParameter. */
function checkedLanguage(text: string): string {
  const refused = new Refusal('InvalidParameter', `-Language '${text.slice(0, 60)}' is no language with its country (de-DE, en-US).`, {
    parameter: 'Language',
  })
  if (!/^[a-z]{2,3}(-[a-z]{4})?-([a-z]{2}|\d{3})$/i.test(text)) throw refused
  const [known] = Intl.DateTimeFormat.supportedLocalesOf([text])
  if (!known) throw refused
  return known
}

/** The Windows name of a time zone. Unknown → InvalidParameter with the names near it. */
export function checkedZone(text: string, parameter = 'TimeZone'): string {
  const found = windowsZoneId(text.trim())
  if (found) return found
  const near = nearest(text.slice(0, 100), windowsZoneIds())
  const hint = near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''
  throw new Refusal('InvalidParameter', `-${parameter}: there is no time zone '${text.slice(0, 100)}'.${hint}`, { parameter })
}

const dateForm = /^(?=.*d)(?=.*M)(?=.*y)[dMy./\-' ,年月日]{5,40}$/
const timeForm = /^(?=.*[hH])(?=.*m)[hHmst:. ']{3,20}$/

function checkedFormat(parameter: string, text: string, form: RegExp): string {
  if (form.test(text)) return text
  throw new Refusal('InvalidParameter', `-${parameter} '${text.slice(0, 60)}' is no format (dd.MM.yyyy, M/d/yyyy, HH:mm, h:mm tt).`, {
    parameter,
  })
}

/** How dates or times are usually written in a language, in .NET's letters. */
function usualFormat(language: string, what: 'date' | 'time'): string {
  const options: Intl.DateTimeFormatOptions = { timeZone: 'UTC', ...(what === 'date' ? { dateStyle: 'short' } : { timeStyle: 'short' }) }
  const parts = new Intl.DateTimeFormat([language, 'en-US'], options).formatToParts(Date.UTC(2001, 0, 5, 9, 7))
  const isTwelve = parts.some(({ type }) => type === 'dayPeriod')
  const letters: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = { day: 'd', month: 'M', hour: isTwelve ? 'h' : 'H', minute: 'm' }
  const written = parts.map(({ type, value }) => {
    const letter = letters[type]
    if (letter) return letter.repeat(Math.min(value.length, 2))
    if (type === 'year') return 'yyyy'
    return type === 'dayPeriod' ? 'tt' : value.replaceAll(/[\u202f\u00a0]/g, ' ')
  })
  return written.join('')
}
