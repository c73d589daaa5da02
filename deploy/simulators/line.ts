/**
 * The cable between a simulated device and a node: the device holds this end, the node opens `address`. What is sent while nobody reads is lost
 * beyond a small buffer, as on a UART. Unplugging is what a person does: the address is gone until `replug`, and stays the same.
 */
export interface Wire {
  /** What a node's settings name: a `/dev`-like path or `tcp://host:port`. */
  readonly address: string
  /** Device to node. Never waits, never fails. */
  readonly send: (bytes: Uint8Array) => void
  /** Node to device; bytes in any cut. */
  readonly onBytes: (listener: (bytes: Uint8Array) => void) => void
  /** Speed the node opened its end with, bits per second; `null` where the cable has none of its own (TCP) or nobody opened it. */
  readonly speed: () => number | null
  readonly unplug: () => Promise<void>
  readonly replug: () => Promise<void>
  /** Ends for good and leaves nothing behind: no process, no file, no port. */
  readonly close: () => Promise<void>
}

/** Bytes a wire keeps for a node that does not read; more than any operating system's serial buffer holds is only memory lost. */
export const WIRE_BUFFER_BYTES = 4_096

/** The listeners of one wire. */
export const createListeners = (): { readonly add: Wire['onBytes']; readonly tell: (bytes: Uint8Array) => void } => {
  const listeners: ((bytes: Uint8Array) => void)[] = []
  return {
    add: (listener) => void listeners.push(listener),
    tell: (bytes) => {
      for (const listener of listeners) listener(bytes)
    },
  }
}
