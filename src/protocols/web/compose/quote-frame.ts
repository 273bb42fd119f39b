import { frameHeaders, withPictures } from '../mail/message-frame.ts'
import { itemAt, type Resource } from '../resource.ts'
import { attachmentsOf, htmlOf, loadDraft } from './draft-item.ts'
import { bodyOf, partsOf } from './draft-text.ts'

/** `GET /owa/quote/{mailbox}/{number}`: what a draft quotes, as a document of nobody's origin. Pictures from elsewhere are not fetched. */
export const quoteFrame: Resource = async (context, rest) => {
  const { ref } = itemAt(rest)
  const item = await loadDraft(context, ref, true)
  const { quote = '' } = partsOf(htmlOf(item))
  return {
    status: 200,
    headers: frameHeaders(false),
    body: await withPictures(context, ref, [], bodyOf(quote, undefined), attachmentsOf(item)),
  }
}
