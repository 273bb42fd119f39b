import { Refusal } from '#model'
import { GetUserPhoto } from '#schema'
import { answerOne, verb } from '../../verb.ts'

/** A person's picture as it is kept ([MS-OXWSPHOTO] 3.1.4.1). None → ItemNotFound. */
export const getUserPhoto = verb(GetUserPhoto, ({ Email }, context) =>
  answerOne(context, async () => {
    const recipient = await context.directory.find(Email, context.caller.organisation)
    const photo = recipient && (await context.directory.photo(recipient))
    if (!photo) throw new Refusal('ItemNotFound', `There is no picture of '${Email.slice(0, 320)}'.`)
    return { HasChanged: true, PictureData: photo.data, ContentType: photo.contentType }
  }),
)
