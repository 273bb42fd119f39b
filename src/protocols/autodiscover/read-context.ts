import { Refusal } from '#model'
import type { ReadContext } from '#schema'

/** Autodiscover has no date-times; what a client adds to the messages is passed over. */
export const readContext: ReadContext = {
  unknownElements: 'skip',
  local(text) {
    throw new Refusal('SchemaValidation', `'${text.slice(0, 40)}' stands where no time is expected.`)
  },
}
