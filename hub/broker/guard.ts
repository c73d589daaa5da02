/**
 * Watches the fixed headers of an MQTT stream [MQTT-2.2] as bytes come in, so that a frame that claims too much is refused at its fifth byte,
 * before anybody buffers it. The broker library itself has no such limit.
 */
export interface FrameGuard {
  /** False when these bytes open a frame beyond the limit, or no frame at all. */
  readonly passes: (chunk: Uint8Array) => boolean
  /** From now on the larger limit holds. */
  readonly admit: () => void
}

export const openFrameGuard = (limits: { readonly beforeConnect: number; readonly after: number }): FrameGuard => {
  let limit = limits.beforeConnect
  let bodyLeft = 0
  /** Bytes of a header seen so far: 0 between frames, else 1 + length bytes. */
  let headerBytes = 0
  let length = 0
  const openFrame = (byte: number): boolean => {
    if (headerBytes === 0) {
      headerBytes = 1
      length = 0
      return byte >> 4 !== 0 && byte >> 4 !== 15
    }
    length += (byte & 0x7f) * 128 ** (headerBytes - 1)
    headerBytes += 1
    if (length > limit || (headerBytes > LENGTH_BYTES_MAX && byte >= 0x80)) return false
    if (byte < 0x80) {
      bodyLeft = length
      headerBytes = 0
    }
    return true
  }
  return {
    passes: (chunk) => {
      for (let at = 0; at < chunk.length; ) {
        if (bodyLeft > 0) {
          const skipped = Math.min(bodyLeft, chunk.length - at)
          bodyLeft -= skipped
          at += skipped
        } else {
          if (!openFrame(chunk[at] ?? 0)) return false
          at += 1
        }
      }
      return true
    },
    admit: () => {
      limit = limits.after
    },
  }
}

/** The remaining length takes at most four bytes [MQTT-2.2.3]. */
const LENGTH_BYTES_MAX = 4
