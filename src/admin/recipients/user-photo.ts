import { imageTypeOf } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { nameOf, recipientFor } from './find.ts'
import { changing, viewing } from './nouns.ts'

const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
/** Photos of people. `PictureData` is base64 where it is shown. */
export const photoCmdlets: readonly Cmdlet[] = [
  cmdlet('Get-UserPhoto', {
    summary: 'Shows the photo of somebody.',
    roles: viewing,
    parameters: { Identity: identity },
    returns: 'UserPhoto',
    async run({ Identity }, context) {
      const person = await recipientFor(context, 'User', Identity)
      const photo = await context.directory.photo(person)
      if (!photo)
        throw new Refusal('ObjectNotFound', `'${nameOf(person)}' has no photo.`, { kind: 'UserPhoto', identity: Identity.slice(0, 100) })
      return { Identity: nameOf(person), ContentType: photo.contentType, PictureData: photo.data, Thumbprint: photo.etag, IsValid: true }
    },
  }),
  cmdlet('Set-UserPhoto', {
    summary: 'Gives somebody a photo: JPEG, PNG or GIF of at most 4 MB.',
    roles: changing,
    parameters: { Identity: identity, PictureData: take.mandatory(take.file()), Save: take.optional(take.switched()) },
    async run({ Identity, PictureData }, context) {
      const person = await recipientFor(context, 'User', Identity)
      const contentType = imageTypeOf(PictureData)
      if (!contentType)
        throw new Refusal('InvalidParameter', '-PictureData must be a JPEG, PNG or GIF picture.', { parameter: 'PictureData' })
      await context.mayChange(person)
      await context.directory.setPhoto(person, { contentType, data: Buffer.from(PictureData).toString('base64') })
    },
  }),
  cmdlet('Remove-UserPhoto', {
    summary: 'Takes the photo of somebody away.',
    roles: changing,
    destroys: true,
    parameters: { Identity: identity },
    async run({ Identity }, context) {
      const person = await recipientFor(context, 'User', Identity)
      await context.mayChange(person)
      await context.directory.setPhoto(person, undefined)
    },
  }),
]
