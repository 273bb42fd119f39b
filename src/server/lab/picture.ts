import { crc32, deflateSync } from 'node:zlib'

const side = 96

/** A small picture (PNG, 8-bit RGB): a gradient between two colours, so that inline pictures in the lab are seen to work. */
export function drawPicture(hue: number): Buffer {
  const rows = Buffer.alloc(side * (1 + side * 3))
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * (1 + side * 3) + 1 + x * 3
      const inside = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2
      rows[at] = inside ? 255 : (hue * 83 + x * 2) & 0xff
      rows[at + 1] = inside ? 240 - y : (hue * 47 + y) & 0xff
      rows[at + 2] = inside ? 80 : (hue * 29 + 160 - x) & 0xff
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const size = Buffer.alloc(4)
  const sum = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}
