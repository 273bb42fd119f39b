import { SetUserPhoto } from '#schema'
import { answerOne, verb } from '../../verb.ts'

/** Gives the caller a picture: JPEG, PNG or GIF in base64 ([MS-OXWSPHOTO] 3.1.4.2). */
export const setUserPhoto = verb(SetUserPhoto, ({ Email, Content }, context) =>
  answerOne(context, async () => {
    await context.mailboxes.setPhoto(context.caller, Email.trim(), Content)
    return {}
  }),
)
