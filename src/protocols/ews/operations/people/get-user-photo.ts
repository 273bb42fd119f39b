import { GetUserPhoto } from '#schema'
import { hasIt, pictureOf } from '../../photo.ts'
import { answerOne, verb } from '../../verb.ts'

/**
 * A person's picture as it is kept ([MS-OXWSPHOTO] 3.1.4.1), with its ETag; whoever sends that back as If-None-Match is told that
 * nothing has changed. None → ItemNotFound.
 */
export const getUserPhoto = verb(GetUserPhoto, ({ Email }, context) =>
  answerOne(context, async () => {
    const picture = await pictureOf(context, context.caller, Email.trim())
    context.replyHeaders.etag = picture.etag
    // MS-OXWSCONT_R30205601, R30205602
    if (hasIt(context.http, picture)) return { HasChanged: false }
    return { HasChanged: true, PictureData: picture.data, ContentType: picture.contentType }
  }),
)
