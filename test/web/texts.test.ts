import assert from 'node:assert/strict'
import test from 'node:test'
import i18next from 'i18next'
import { ofMillions } from '../../src/web/app/plurals.ts'
import { settings as deSettings } from '../../src/web/texts/de/settings.ts'
import { de } from '../../src/web/texts/de.ts'
import { settings as enSettings } from '../../src/web/texts/en/settings.ts'
import { en } from '../../src/web/texts/en.ts'
import { settings as frSettings } from '../../src/web/texts/fr/settings.ts'
import { fr } from '../../src/web/texts/fr.ts'

/** With the texts that come late. */
const languages = { en: { ...en, settings: enSettings }, de: { ...de, settings: deSettings }, fr: { ...fr, settings: frSettings } }
const all = (texts: object) =>
  Object.entries(texts as Record<string, Record<string, string>>).flatMap(([area, texts]) =>
    Object.entries(texts).map(([name, text]) => [`${area}.${name}`, text] as const),
  )
const valuesIn = (text: string) => new Set([...text.matchAll(/\{\{(\w+)/g)].map(([, name = '']) => name))

test('what goes by a number has its forms in every language, and the same values stand in all of them', () => {
  for (const [language, texts] of Object.entries(languages)) {
    const known = new Map<string, string>(all(texts))
    for (const [name, text] of known) {
      const counted = /^(.*)_(?:one|other)$/.exec(name)?.[1]
      if (valuesIn(text).has('count')) assert.ok(counted, `${language}: ${name} says a number and has no forms`)
      for (const form of counted ? ['one', 'other'] : []) assert.ok(known.has(`${counted}_${form}`), `${language}: ${counted}_${form}`)
      const english = new Map<string, string>(all(languages.en)).get(name)
      assert.ok(english, `${language}: ${name}`)
      const optional = (values: Set<string>) => [...values].filter((one) => one !== 'count').toSorted()
      assert.deepEqual(optional(valuesIn(text)), optional(valuesIn(english)), `${language}: ${name}`)
    }
  }
})

test('numbers take the form that the language has for them', async () => {
  const said = async (language: keyof typeof languages, name: string, count: number) => {
    const i18n = i18next.createInstance()
    await i18n.init({ lng: language, resources: { [language]: { translation: ofMillions(languages[language]) } } })
    return i18n.t(name, { count })
  }
  const rows: readonly [language: keyof typeof languages, name: string, count: number, said: string][] = [
    ['en', 'mail.messagesIn', 0, '0 messages'],
    ['en', 'mail.messagesIn', 1, '1 message'],
    ['en', 'mail.messagesIn', 3412, '3,412 messages'],
    ['de', 'mail.messagesIn', 1, '1 Nachricht'],
    ['de', 'mail.messagesIn', 3412, '3.412 Nachrichten'],
    ['fr', 'mail.messagesIn', 0, '0 message'],
    ['fr', 'mail.messagesIn', 2, '2 messages'],
    ['fr', 'recover.selected', 1, '1 sélectionné'],
    ['fr', 'mail.unreadIn', 1_000_000, '1\u202f000\u202f000 non lus'],
    ['de', 'calendar.sayTimes', 1, 'einmal'],
    ['en', 'calendar.sayDays', 1, 'Every day'],
  ]
  for (const [language, name, count, expected] of rows)
    assert.equal(await said(language, name, count), expected, `${language} ${name} ${count}`)
})
