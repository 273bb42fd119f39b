/** A browser without scripts for the pages of a site: cookies by path, forms as they stand, redirects one by one. */
import assert from 'node:assert/strict'
import { readXml } from '#wire'
import type { CallAnswer, TestSite } from '../support/site.ts'

export interface Browser {
  /** Goes to an address of the site, following redirects within it. */
  open(path: string): Promise<Page>
  /** One request, no redirect followed. */
  request(path: string, options?: { method?: string; body?: string; headers?: Record<string, string> }): Promise<CallAnswer>
  cookies: Map<string, string>
}

export interface Page {
  /** Path and query. */
  at: string
  status: number
  html: string
  answer: CallAnswer
  /** Where a redirect led that leaves the site. */
  left?: string
  /** Text without tags. */
  text: string
  /** Sends the form that has this button or field, with its hidden fields and these. */
  submit(fields: Record<string, string>, which?: string): Promise<Page>
}

const unescape = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

export function browser(site: Pick<TestSite, 'call' | 'url'>, agent = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'): Browser {
  const cookies = new Map<string, string>()
  const self: Browser = {
    cookies,
    async request(path, { method = 'GET', body, headers = {} } = {}) {
      const sent = [...cookies]
        .map(([key, value]) => {
          const [name = '', under = '/'] = key.split(' ')
          return { name, under, value }
        })
        .filter(({ under }) => path.split('?')[0]!.startsWith(under))
      const answer = await site.call(path, {
        method,
        headers: {
          'user-agent': agent,
          accept: 'text/html',
          ...(sent.length > 0 ? { cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; ') } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      })
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
        const [name = '', ...value] = pair.split('=')
        const lower = attributes.map((each) => each.toLowerCase())
        assert.ok(lower.includes('secure') && lower.includes('httponly') && lower.some((each) => each.startsWith('samesite=')), line)
        const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/'
        const gone = lower.some((each) => each.startsWith('expires=thu, 01 jan 1970'))
        if (gone) cookies.delete(`${name} ${path}`)
        else cookies.set(`${name} ${path}`, value.join('='))
      }
      return answer
    },
    open: (path) => follow(self, site.url, path, {}),
  }
  return self
}

async function follow(self: Browser, base: string, start: string, first: { method?: string; body?: string }): Promise<Page> {
  let at = start
  let options = first
  for (let hops = 0; hops < 10; hops++) {
    const answer = await self.request(at, options)
    const { location } = answer.headers
    if (!location || answer.status < 300 || answer.status > 399) return pageOf(self, base, at, answer)
    const next = new URL(location, base + at)
    if (next.origin !== new URL(base).origin) return { ...pageOf(self, base, at, answer), left: next.href }
    at = next.pathname + next.search
    options = {}
  }
  throw new Error(`too many redirects from ${start}`)
}

function pageOf(self: Browser, base: string, at: string, answer: CallAnswer): Page {
  const html = answer.body
  return {
    ...{ at, status: answer.status, html, answer },
    text: unescape(html.replaceAll(/<(style|svg)[\s\S]*?<\/\1>/g, ' ').replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' '),
    submit(fields, which) {
      const forms = [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)]
      const wanted = which ?? Object.keys(fields).map((name) => `name="${name}"`)[0] ?? ''
      const form = forms.find(([whole]) => whole.includes(wanted))
      if (!form) throw new Error(`no form with ${wanted} in: ${html}`)
      const body = new URLSearchParams()
      for (const [, attributes = ''] of form[2]!.matchAll(/<input([^>]*)>/g)) {
        const value = (name: string) => unescape(new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1] ?? '')
        if (value('type') !== 'checkbox' && value('type') !== 'radio') body.set(value('name'), value('value'))
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      const action = unescape(/action="([^"]*)"/.exec(form[1]!)?.[1] ?? at)
      const to = new URL(action, base + at)
      return follow(self, base, to.pathname + to.search, { method: 'POST', body: body.toString() })
    },
  }
}

/** Fails the test when the page is not well formed enough to be read as XML, but for what HTML leaves open. */
export function readable(html: string): void {
  readXml(html.replace(/^<!doctype html>/i, '').replaceAll(/\s(required|autofocus|defer|data-failed)(?=[\s/>])/g, ''))
}
