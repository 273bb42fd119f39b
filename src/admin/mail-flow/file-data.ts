/** The bytes of a file in an object: `Byte[]` in the shell, base64 where it travels as JSON. */
export class FileData extends Uint8Array {
  override toString(): string {
    return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString('base64')
  }

  toJSON(): string {
    return this.toString()
  }
}
