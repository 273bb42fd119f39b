import { Refusal } from '#model'
import { GetPersona } from '#schema'
import { answerOne, verb } from '../../verb.ts'
import { personaElement } from './persona.ts'
import { personaRefOf } from './persona-id.ts'

/** All that is known of one person, by id or by address ([MS-OXWSPERS] 3.1.4.2 GetPersona). */
export const getPersona = verb(GetPersona, ({ PersonaId, EmailAddress }, context) =>
  answerOne(context, async () => {
    const mailbox = await context.ownMailbox()
    const address = EmailAddress?.EmailAddress?.trim()
    if (!PersonaId && !address) throw new Refusal('MissingArgument', 'GetPersona: expected PersonaId or EmailAddress')
    const ref = PersonaId ? personaRefOf(PersonaId.Id) : { address: address ?? '' }
    return { Persona: personaElement(await context.mailboxes.person(context.caller, ref, mailbox)) }
  }),
)
