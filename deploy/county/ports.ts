import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

/** Where a county listens. Nodes count up from `nodes`, two each; with 0 there each of them takes any. */
export interface Ports {
  readonly http: number
  readonly https: number
  readonly broker: number
  readonly nodes: number
}

/** The usual ports where they are free, else any; the broker's stays as nodes know it, so it is kept in the county's home. */
export const choosePorts = async (wanted: Ports | null, say: (line: string) => void): Promise<Ports> => {
  // Free ports, but fixed ones: a hub that is killed and started again must be found where it was.
  if (!wanted) return { http: await freePort(), https: await freePort(), broker: await freePort(), nodes: 0 }
  const usual = async (name: string, port: number): Promise<number> => {
    if (await isFree(port)) return port
    const other = await freePort()
    say(`  端口 ${port} 已被占用，${name} 改用 ${other} / port ${port} is taken, ${name} takes ${other}`)
    return other
  }
  const nodes = (await Promise.all([0, 1, 2, 3, 4, 5].map((at) => isFree(wanted.nodes + at)))).every(Boolean)
  if (!nodes) say(`  端口 ${wanted.nodes} 起已被占用，各站改用空闲端口 / ports from ${wanted.nodes} are taken, nodes take free ones`)
  return {
    http: await usual('看板 dashboard', wanted.http),
    https: await usual('HTTPS', wanted.https),
    broker: await usual('MQTT', wanted.broker),
    nodes: nodes ? wanted.nodes : 0,
  }
}

/** Starts on ports chosen just before. Between the choice and the start somebody else may take one: then both are done again, a few times. */
export const onFreePorts = async <Started>(start: () => Promise<Started>): Promise<Started> => {
  for (let starts = 1; ; starts += 1) {
    try {
      return await start()
    } catch (cause) {
      if (starts === STARTS_MAX || !String(cause).includes('.cannot-listen]')) throw cause
    }
  }
}
const STARTS_MAX = 4

/**
 * A port nobody listens on, another one each time. It is none of those that connections going out are given: one of them could have it while its
 * house is down for a moment, and the house could not come back to where it is looked for.
 */
export const freePort = async (): Promise<number> => {
  for (let looks = 0; looks < END - FIRST; looks += 1) {
    const port = next
    next = port + 1 < END ? port + 1 : FIRST
    if (await isFree(port)) return port
  }
  return anyPort()
}

/** Below it there are ports that a browser refuses. */
const FIRST = 20_000
/** From here on Linux gives ports to connections, where nobody set it otherwise; other systems begin higher. */
const USUAL_END = 32_768

const kernelFirst = (): number => {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10)
  } catch {
    return USUAL_END
  }
}
const END = Math.min(USUAL_END, kernelFirst())
/** Processes that look at the same time begin far from each other. */
let next = FIRST + Math.floor(Math.random() * (END - FIRST))

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Where the kernel keeps nothing out of its own hands. */
const anyPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
