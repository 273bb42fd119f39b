import type { WebApi } from '#protocols/web'

interface FirstAnswers {
  answers: { name: keyof WebApi; input: unknown; answer: unknown }[]
  watermark?: number
}

/** Milliseconds that an answer of the page stands for what is. */
const young = 60_000

/** What came with the page. */
const come = ((): FirstAnswers => {
  const text = document.querySelector('#answers')?.textContent?.trim() ?? ''
  return text.startsWith('{') ? (JSON.parse(text) as FirstAnswers) : { answers: [] }
})()

/** Where the mailbox stood when the page was made; undefined = it has none. */
export const { watermark: firstWatermark } = come

/** The answer that came with the page, whatever exactly was asked. */
export const cameWith = <Name extends keyof WebApi>(name: Name): WebApi[Name]['output'] | undefined =>
  come.answers.find((one) => one.name === name)?.answer as WebApi[Name]['output'] | undefined

/** Something happened in the mailbox since the page was made: what came with it is no longer so. */
export const forgetFirstAnswers = (): void => void come.answers.splice(0)

/** The answer to a question that came with the page; undefined = it is to be asked. */
export function firstAnswer<Name extends keyof WebApi>(name: Name, input: WebApi[Name]['input']): WebApi[Name]['output'] | undefined {
  if (performance.now() > young) return undefined
  const asked = JSON.stringify(input)
  return come.answers.find((one) => one.name === name && JSON.stringify(one.input) === asked)?.answer as WebApi[Name]['output'] | undefined
}

/** What a query knows from the page. */
export const fromPage = <Name extends keyof WebApi>(name: Name, input: WebApi[Name]['input']) => ({
  initialData: () => firstAnswer(name, input),
  initialDataUpdatedAt: performance.timeOrigin,
})
