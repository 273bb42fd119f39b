/** Writes as fast as it can into the store named on the command line and prints each id once it is acknowledged. */
import { writeSync } from 'node:fs'
import { createStore } from '#store'
import { mailbox, newItem } from './samples.ts'

const [path = '', folder = ''] = process.argv.slice(2)
const store = await createStore({ path, clock: () => Date.now() })
await Promise.all(
  Array.from({ length: 16 }, async (_, writer) => {
    for (let n = 0; ; n++) {
      const blob = await store.stage(Buffer.alloc(n % 20 === 0 ? 70_000 : 3000, `${process.pid} ${writer} ${n} `))
      const item = await store.write(async (tx) => {
        await tx.blobs.put(mailbox, blob)
        const made = await tx.items.insert(newItem(Number(folder), { mime: blob.digest }), `writer${writer} n${n}`)
        if (n % 10 === 9) await tx.items.removeSome(mailbox, Number(folder), 0)
        return made
      })
      writeSync(1, `${item.id}\n`)
    }
  }),
)
