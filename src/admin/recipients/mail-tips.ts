import { Refusal } from '#model'
import * as take from '../registry/parameter.ts'
import { plainText, type RecipientProperty, type Where } from './property.ts'

const longestTip = 175
const form = /^([a-z]{2,3}(?:-[a-z0-9]{2,8})*):(.+)$/is

/** `MailTip`: at most 175 characters that are shown; its tags do not count. */
export function mailTip(where: Where): RecipientProperty {
  return {
    name: 'MailTip',
    ...where,
    parameter: take.optional(take.nullable(take.string())),
    get: ({ mailTip: tip }) => tip ?? null,
    set: (value) => {
      const tip = checked('MailTip', String(value ?? ''))
      return () => ({ mailTip: tip === '' ? undefined : tip })
    },
  }
}

/** `MailTipTranslations`: `DE:…`, one a culture. */
export function mailTipTranslations(where: Where): RecipientProperty {
  return {
    name: 'MailTipTranslations',
    ...where,
    parameter: take.optional(take.nullable(take.listChange(take.string()))),
    get: ({ mailTipTranslations: tips }) => Object.entries(tips ?? {}).map(([culture, tip]) => `${culture}:${tip}`),
    set: (value) => (current) => {
      const asked = (value ?? []) as take.ListChange<string>
      const tips = new Map(Array.isArray(asked) ? [] : Object.entries(current.mailTipTranslations ?? {}))
      const removed = Array.isArray(asked) ? [] : asked.Remove
      for (const one of removed) tips.delete(one.split(':', 1)[0]!.toLowerCase())
      for (const one of Array.isArray(asked) ? asked : asked.Add) {
        const [, culture, tip] = form.exec(one) ?? []
        if (!culture || !tip) throw unfit("each is a language and a text ('DE:…')")
        tips.set(culture.toLowerCase(), checked('MailTipTranslations', tip))
      }
      if (tips.size > 100) throw unfit('there are at most 100')
      return { mailTipTranslations: Object.fromEntries(tips) }
    },
  }
}

function checked(name: string, tip: string): string {
  const text = plainText(name, tip, 1024, true)
  if (text.replaceAll(/<[^>]*>/g, '').length > longestTip) throw unfit(`a MailTip shows at most ${longestTip} characters`)
  return text
}

function unfit(what: string): Refusal {
  return new Refusal('InvalidParameter', `-MailTipTranslations or -MailTip cannot be so: ${what}.`, { parameter: 'MailTip' })
}
