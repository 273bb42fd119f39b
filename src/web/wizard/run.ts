/** What a run of the wizard knows. It lives on the page alone, the token of the online administrator with it. */
import type { Answer, Question } from '../app/api.ts'

export type Here = Answer<'wizardHere'>
export type Online = Question<'wizardStep'>['online']
export type Plan = Question<'wizardStep'>['plan']
export type Change = Answer<'wizardPreview'>['steps'][number]['changes'][number]

/** The answers, as they are typed. */
export interface Answers {
  onlineUrl: string
  onlineDomain: string
  onlineMail: string
  authService: string
  url: string
  autodiscover: string
  mail: string
  certificate: string
  domains: readonly string[]
  features: readonly string[]
  federation: boolean
  oauth: boolean
}

/** The administrator of the online organisation, once let in there. */
export interface OnlineAccount {
  token: string
  name: string
  address: string
  secondFactor: boolean
  /** Domains of the online organisation. */
  domains: readonly string[]
}

export interface Run {
  here: Here
  answers: Answers
  answer: (more: Partial<Answers>) => void
  account: OnlineAccount | undefined
  signedIn: (account: OnlineAccount | undefined) => void
  next: () => void
  back: () => void
  /** To the first page; the online account is forgotten. */
  restart: () => void
}

/** What was answered before, with what can be guessed. */
export const firstAnswers = ({ answers: { isWritten, domains, autodiscover, ...rest }, domains: accepted }: Here): Answers => {
  const chosen = isWritten && domains.length > 0 ? domains : accepted.slice(0, 1)
  return { ...rest, domains: chosen, autodiscover: autodiscover || `https://autodiscover.${chosen[0] ?? ''}` }
}

export const onlineOf = ({ answers, account }: Run): Online => ({
  url: answers.onlineUrl.trim(),
  organisation: answers.onlineDomain.trim(),
  token: account?.token ?? '',
})

/** The plan of the answers: fields that were left empty are left out. */
export function planOf({ answers }: Run): Plan {
  const { onlineUrl, onlineDomain, onlineMail, url, autodiscover, mail, certificate, authService, domains, features, federation, oauth } =
    answers
  return {
    ...{ domains: [...domains], features: features as Plan['features'], federation, oauth, authService, onlineDomain },
    onPremises: { url, autodiscover, ...(mail.trim() ? { mail } : {}), ...(certificate ? { certificate } : {}) },
    online: { url: onlineUrl, ...(onlineMail.trim() ? { mail: onlineMail } : {}) },
  }
}

/** Whether a text is an address as the wizard takes it: https, no path. */
export const isOrigin = (text: string): boolean => /^https:\/\/[^/?#@\s]+\/?$/i.test(text.trim()) && URL.canParse(text.trim())
export const isDomain = (text: string): boolean => /^[a-z0-9]([a-z0-9-]*\.)+[a-z0-9-]*[a-z0-9]$/i.test(text.trim())
