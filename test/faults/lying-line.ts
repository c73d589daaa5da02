import { connect, createServer, type Socket } from 'node:net'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'

/** A line between two honest ends: a TCP proxy that can be told to lie. What it does follows from its seed and from how the bytes come. */
export interface LyingLine {
  readonly port: number
  /** From now on: how it treats connections and bytes, standing ones too. */
  readonly weather: (weather: Weather) => void
  /** What it did so far. */
  readonly done: () => Readonly<Record<Deed, number>>
  readonly close: () => Promise<void>
}
/** Chances, each 0..1. */
export interface Weather {
  /** A connection is cut after some chunk; only a part of that chunk arrives. */
  readonly cut: number
  /** A chunk and all after it, both ways, go nowhere: the line seems to stand, and breaks only a while later, as a router forgets it. */
  readonly swallow: number
  /** A chunk waits up to so many ms, with all behind it. */
  readonly delayMs: number
  /** A connection is refused at once. */
  readonly refuse: number
  /** The far end sees the connection twice: a second one brings the same bytes, and its answers go nowhere. */
  readonly double: number
}
export const FAIR: Weather = { cut: 0, swallow: 0, delayMs: 0, refuse: 0, double: 0 }
const FORGOTTEN_MS = 600
type Deed = 'cut' | 'swallowed' | 'refused' | 'doubled'

export const openLyingLine = async (target: { readonly host: string; readonly port: number }, seed: number): Promise<LyingLine> => {
  let weather = FAIR
  let drawn = 0
  const draw = () => {
    drawn += 1
    return chance(seed, drawn)
  }
  const done: Record<Deed, number> = { cut: 0, swallowed: 0, refused: 0, doubled: 0 }
  const sockets = new Set<Socket>()
  const kept = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const join = (near: Socket) => {
    kept(near)
    if (draw() < weather.refuse) {
      done.refused += 1
      return void near.resetAndDestroy()
    }
    const far = kept(connect(target))
    const double = draw() < weather.double ? kept(connect(target)) : null
    if (double) done.doubled += 1
    const line = { mute: false }
    const end = () => {
      for (const socket of [near, far, double]) socket?.destroy()
    }
    const carry = (from: Socket, to: readonly Socket[]) => {
      let before: Promise<void> = Promise.resolve()
      from.on('data', (bytes: Buffer) => {
        before = before.then(async () => {
          await new Promise((resolve) => setTimeout(resolve, weather.delayMs * draw()))
          const luck = draw()
          if (line.mute) return
          if (luck < weather.swallow) {
            line.mute = true
            done.swallowed += 1
            setTimeout(end, FORGOTTEN_MS)
          } else if (luck < weather.swallow + weather.cut) {
            done.cut += 1
            for (const socket of to) socket.write(bytes.subarray(0, Math.floor(bytes.length * draw())))
            end()
          } else for (const socket of to) socket.write(bytes)
        })
      })
      from.on('close', end)
    }
    carry(near, double ? [far, double] : [far])
    carry(far, [near])
    double?.resume()
  }
  const server = createServer(join)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    weather: (next) => {
      weather = next
    },
    done: () => ({ ...done }),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
