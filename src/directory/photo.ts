import { createHash } from 'node:crypto'
import { Refusal } from '#model'
import type { Store } from '#store'
import type { Directory } from './contract.ts'

/** Bytes. */
export const largestPhoto = 4 * 1024 * 1024

const forms: readonly [contentType: string, start: string][] = [
  ['image/jpeg', 'ffd8ff'],
  ['image/png', '89504e470d0a1a0a'],
  ['image/gif', '474946383'],
]

/** What kind of picture the bytes begin as: JPEG, PNG or GIF; undefined = none of them. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  return forms.find(([, beginning]) => start.startsWith(beginning))?.[0]
}

/** Photos of recipients, objects of their own so that reading a recipient never drags one along. */
export function createPhotos({ store }: { store: Store }): Pick<Directory, 'photo' | 'setPhoto'> {
  return {
    async photo({ organisation, id }) {
      const row = await store.read((tx) => tx.objects.get(organisation, 'Photo', id))
      if (!row) return undefined
      const { contentType, data, etag } = row.data as { contentType: string; data: string; etag: string }
      return { contentType, data, etag }
    },
    async setPhoto({ organisation, id, displayName }, photo) {
      if (!photo) {
        await store.write(async (tx) => {
          if (await tx.objects.get(organisation, 'Photo', id)) await tx.objects.remove(organisation, 'Photo', id)
        })
        return
      }
      const bytes = Buffer.from(photo.data, 'base64')
      if (!/^image\/[a-z0-9.+-]+$/i.test(photo.contentType)) {
        throw new Refusal('InvalidArgument', `A photo is an image, not ${photo.contentType.slice(0, 80)}.`)
      }
      if (bytes.length === 0 || bytes.length > largestPhoto) {
        throw new Refusal('DataSizeLimitExceeded', `A photo has 1 to ${largestPhoto} bytes; this one has ${bytes.length}.`)
      }
      const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
      const data = { contentType: photo.contentType, data: bytes.toString('base64'), etag }
      await store.write((tx) => tx.objects.save({ organisation, kind: 'Photo', id, name: displayName, data, keys: [] }))
    },
  }
}
