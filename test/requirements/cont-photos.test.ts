/** Pictures of people and of contacts. */
import assert from 'node:assert/strict'
import { crc32, deflateSync } from 'node:zlib'
import { test } from 'node:test'
import { elementsOf, readXml } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, deleteXml, idOf, itemXml, person, text } from './person.ts'

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  size.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}
/** A grey PNG of some size. */
function png(width: number, height: number): string {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.writeUInt8(8, 8)
  const rows = Buffer.alloc((width + 1) * height, 0x80).map((byte, at) => (at % (width + 1) === 0 ? 0 : byte))
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]).toString('base64')
}
const sizeOf = (picture: string) => {
  const bytes = Buffer.from(picture, 'base64')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}
const set = (content: string) => `<m:SetUserPhoto><m:Email>mary@contoso.com</m:Email><m:Content>${content}</m:Content></m:SetUserPhoto>`
const get = (side: number) =>
  `<m:GetUserPhoto><m:Email>mary@contoso.com</m:Email><m:SizeRequested>HR${side}x${side}</m:SizeRequested></m:GetUserPhoto>`

for (const engine of quickEngines) {
  test(`a picture is set and given in answers of their own, each with the server's version: MS-OXWSCONT_R302020 _R302021 _R302022 _R302023 _R302034 _R302097 _R302098 _R302099 _R302100 _R302107 _R1275114 _R1275124, [MS-OXWSPHOTO] 3.1.4.1 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const client = ewsClient(site)
    const answers = [
      ['SetUserPhoto', await client.post(set(png(96, 96)))],
      ['GetUserPhoto', await client.post(get(96))],
    ] as const
    for (const [name, { answer, body }] of answers) {
      assert.equal(body.name, `${name}Response`)
      assert.equal(text(body, 'ResponseCode'), 'NoError')
      const [header, ...more] = elementsOf(elementsOf(readXml(answer.body))[0]!)
      assert.deepEqual([header?.name, more.length], ['ServerVersionInfo', 0])
      assert.equal(header?.attributes['MajorVersion'], '15')
    }
    const got = answers[1][1].body
    assert.deepEqual([text(got, 'ContentType'), text(got, 'PictureData')], ['image/png', png(96, 96)])
  })

  test(`a picture that is not square stays so, whatever square is asked for: MS-OXWSCONT_R302050 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    await mary.whole(set(png(48, 60)))
    for (const side of [48, 648]) assert.deepEqual(sizeOf(text(await mary.whole(get(side)), 'PictureData') ?? ''), [48, 60])
  })

  test(`a contact has a picture while one is attached as such: MS-OXWSCONT_R81 _R1275002 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.create('<t:Contact><t:GivenName>Ada</t:GivenName></t:Contact>', { folder: 'contacts' })
    const has = async (headers = {}) =>
      text(await mary.get(made, { shape: 'IdOnly', fields: ['contacts:HasPicture'] }, headers), 'HasPicture')
    const attach = (name: string, photo: boolean) =>
      mary.done(
        `<m:CreateAttachment><m:ParentItemId Id="${made.Id}"/><m:Attachments><t:FileAttachment><t:Name>${name}</t:Name>` +
          `<t:IsContactPhoto>${photo}</t:IsContactPhoto><t:Content>${png(8, 8)}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
      )
    await attach('plan.png', false)
    assert.equal(await has(), 'false')
    await attach('ContactPicture.png', true)
    assert.equal(await has(), 'true')
    const shown = all(await mary.get(made), 'Attachments/FileAttachment')
    const photo = shown.find((one) => text(one, 'IsContactPhoto') === 'true')
    const { Id } = idOf(photo, 'AttachmentId')
    await mary.done(`<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="${Id}"/></m:AttachmentIds></m:DeleteAttachment>`)
    assert.equal(await has(), 'false')
    assert.deepEqual(await mary.codes(mary.updateXml(made, deleteXml('contacts:HasPicture'))), ['ErrorInvalidPropertyDelete'])
    assert.deepEqual(await mary.remove(itemXml(made)), ['NoError'])
  })
}
