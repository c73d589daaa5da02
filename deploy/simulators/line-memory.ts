import type { OpenPort, PortEvents } from '@lotkeeper/edge/serial/port.ts'
import { createListeners, type Wire } from './line.ts'

/** A wire inside one process, with the `openPort` that reaches it: no system, no real time, every byte in order. For counties under one clock. */
export const createMemoryWires = (): MemoryWires => {
  const sockets = new Map<string, Socket>()
  const openPort: OpenPort = async (address, { baud }, on) => {
    const socket = sockets.get(address)
    if (socket === undefined || !socket.plugged || socket.node !== null) {
      throw Object.assign(new Error(`${address} did not open`), { code: 'serial.open-failed' })
    }
    socket.node = on
    socket.baud = baud
    return {
      write: async (bytes) => {
        if (socket.node === on) socket.hear(bytes.slice())
      },
      close: async () => {
        if (socket.node === on) socket.node = null
      },
    }
  }
  return { openPort, wire: (address) => plugIn(sockets, address) }
}

export interface MemoryWires {
  readonly openPort: OpenPort
  /** Makes a wire at an address of any form, plugged in. */
  readonly wire: (address: string) => Wire
}

interface Socket {
  readonly hear: (bytes: Uint8Array) => void
  plugged: boolean
  baud: number | null
  node: PortEvents | null
}

const plugIn = (sockets: Map<string, Socket>, address: string): Wire => {
  const listeners = createListeners()
  const socket: Socket = { hear: listeners.tell, plugged: true, baud: null, node: null }
  sockets.set(address, socket)
  const unplug = async () => {
    const { node } = socket
    socket.plugged = false
    socket.node = null
    node?.lost('unplugged')
  }
  return {
    address,
    send: (bytes) => socket.node?.chunk(bytes.slice()),
    onBytes: listeners.add,
    speed: () => socket.baud,
    unplug,
    replug: async () => {
      socket.plugged = true
    },
    close: async () => {
      await unplug()
      sockets.delete(address)
    },
  }
}
