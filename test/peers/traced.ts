/** One thing a traced process asked of the kernel, in the order the kernel answered. */
export type Traced =
  | { readonly is: 'write'; readonly path: string; readonly at: number | null; readonly bytes: Buffer }
  | { readonly is: 'truncate'; readonly path: string; readonly length: number }
  | { readonly is: 'flush'; readonly path: string }
  | { readonly is: 'remove'; readonly path: string }

/** Reads what `strace -f -y -xx -e trace=pwrite64,write,ftruncate,fsync,fdatasync,unlink` wrote; calls that another thread cut in two are joined. */
export const readTrace = (text: string): readonly Traced[] => {
  const begun = new Map<string, string>()
  return text.split('\n').flatMap((line) => {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, rest.slice(0, -'<unfinished ...>'.length))
      return []
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const call = callOf(resumed ? `${begun.get(thread) ?? ''}${resumed[1]}` : rest)
    return call ? [call] : []
  })
}

/** What lies on the disk when the power goes: files as they were at their last flush, and each sector written since as it falls. */
export const diskAfter = (
  trace: readonly Traced[],
  upto: number,
  reached: (sector: number) => boolean,
  flushes: (path: string) => boolean = () => true,
): ReadonlyMap<string, Buffer> => {
  const seen = new Map<string, Buffer>()
  const flushed = new Map<string, Buffer>()
  for (const call of trace.slice(0, upto)) {
    const before = seen.get(call.path) ?? Buffer.alloc(0)
    if (call.is === 'write') seen.set(call.path, written(before, call.at ?? before.length, call.bytes))
    if (call.is === 'truncate') seen.set(call.path, written(Buffer.from(before.subarray(0, call.length)), call.length, Buffer.alloc(0)))
    if (call.is === 'remove') for (const files of [seen, flushed]) files.delete(call.path)
    if (call.is === 'flush' && flushes(call.path)) flushed.set(call.path, Buffer.from(before))
  }
  return new Map([...seen].map(([path, now]) => [path, torn(flushed.get(path) ?? Buffer.alloc(0), now, reached)]))
}

const SECTOR = 512

const callOf = (text: string): Traced | null => {
  const [, removed] = /^unlink\("([^"]*)"\)\s+= 0$/.exec(text) ?? []
  if (removed !== undefined) return { is: 'remove', path: unescaped(removed).toString('utf8') }
  const [, name = '', path = '', rest = ''] = /^(\w+)\(\d+<([^>]*)>(.*)\)\s+= \d+$/.exec(text) ?? []
  const file = unescaped(path).toString('utf8')
  if (name === 'fsync' || name === 'fdatasync') return { is: 'flush', path: file }
  if (name === 'ftruncate') return { is: 'truncate', path: file, length: Number(rest.slice(1)) }
  const [, bytes = '', at] = /^, "([^"]*)", \d+(?:, (\d+))?$/.exec(rest) ?? []
  if (name !== 'write' && name !== 'pwrite64') return null
  return { is: 'write', path: file, at: at === undefined ? null : Number(at), bytes: unescaped(bytes) }
}

/** With -xx every byte of a string is `\xNN`; paths may stand as they are. */
const unescaped = (text: string): Buffer => (text.startsWith('\\x') ? Buffer.from(text.replaceAll('\\x', ''), 'hex') : Buffer.from(text))

const written = (before: Buffer, at: number, bytes: Buffer): Buffer => {
  const end = at + bytes.length
  const after = end <= before.length ? before : Buffer.concat([before, Buffer.alloc(end - before.length)])
  bytes.copy(after, at)
  return after
}

const torn = (flushed: Buffer, now: Buffer, reached: (sector: number) => boolean): Buffer => {
  const bytes = Buffer.alloc(now.length)
  for (let at = 0; at < now.length; at += SECTOR) {
    const source = reached(at / SECTOR) ? now : flushed
    if (at < source.length) source.copy(bytes, at, at, Math.min(at + SECTOR, source.length))
  }
  return bytes
}
