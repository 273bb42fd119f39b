import type { WebApi } from '#protocols/web'

/** An answer that came with the page; undefined = it is to be asked for. */
export function firstAnswer<Name extends keyof WebApi>(name: Name): WebApi[Name]['output'] | undefined {
  const text = document.querySelector('#answers')?.textContent?.trim() ?? ''
  return text.startsWith('{') ? (JSON.parse(text) as Partial<{ [Each in keyof WebApi]: WebApi[Each]['output'] }>)[name] : undefined
}
