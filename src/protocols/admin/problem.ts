import { httpStatus } from '#access'
import type { Refusal } from '#model'

/** The `error` of an answer: the refusal's code is the stable id; `innererror` and `details` are where clients of Exchange look too. */
export interface Problem {
  code: string
  message: string
  details: { code: string; target: string; message: string }[]
  innererror: {
    message: string
    type: string
    /** What the refusal says for machines. */
    detail: Readonly<Record<string, string | number | boolean>>
    internalexception: { message: string; type: string }
  }
}

/** A refusal as REST says it. */
export function problemOf({ code, message, detail }: Refusal): Problem {
  const type = `Isthmus.${code}`
  const target = String(detail.parameter ?? detail.cmdlet ?? detail.identity ?? '')
  return {
    code,
    message,
    details: [{ code, target, message }],
    innererror: { message, type, detail, internalexception: { message, type } },
  }
}

/** The status of a refusal: an operation that is not there is a path that is not there. */
export const statusOf = ({ code, kind }: Refusal): number => (code === 'UnknownOperation' ? 404 : httpStatus[kind])
