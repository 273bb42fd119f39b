/** A progress bar on a terminal; a line at the end elsewhere. */
export interface Progress {
  show(done: number, total: number): void
  end(): void
}

const width = 30

export function createProgress(label: string, to: NodeJS.WriteStream = process.stderr): Progress {
  let last = ''
  return {
    show(done, total) {
      if (!to.isTTY) return
      const filled = total > 0 ? Math.min(width, Math.round((done / total) * width)) : width
      const line = `\r${label} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done}/${total}`
      if (line !== last) to.write(line)
      last = line
    },
    end() {
      to.write(to.isTTY ? '\n' : `${label}: done\n`)
    },
  }
}
