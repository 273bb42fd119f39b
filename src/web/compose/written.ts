import type { Question } from '../app/api.ts'

/** What a person writes of a message. */
export type Written = Question<'saveDraft'>['written']
export type Addressee = Written['to'][number]

/** Nothing written yet. */
export const nothing: Written = {
  ...{ to: [], cc: [], bcc: [] },
  ...{ subject: '', html: '', quote: false, importance: 'Normal', readReceipt: false },
}

const form = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+$/
/** Looks like an address; whether somebody is there, the tips say. */
export const isAddress = (text: string): boolean => form.test(text)

/** Addressees of a text as people paste it: `Mary <mary@contoso.com>; rob@contoso.com`. */
export function addresseesIn(text: string): Addressee[] {
  return text
    .split(/[;,\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, name = '', address = ''] = /^(.*?)<([^<>]+)>$/.exec(part) ?? []
      return address ? { name: name.trim().replaceAll('"', ''), address: address.trim() } : { address: part }
    })
}
