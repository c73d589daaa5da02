import { openPortal } from '@lotkeeper/edge/portal/portal.ts'
import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'

/**
 * A process with nothing but readers at the addresses it is given and the door they look at; says on a line how much of a core the seconds took and how
 * many reads came. Its own process, because the simulated readers cost more than reading them.
 */
const [family = 'bb7e', seconds = '5', ...addresses] = process.argv.slice(2)
const portal = openPortal({
  door: 'bench',
  antennas: Object.fromEntries(addresses.map((_, at) => [`r${at}:1`, at % 2 === 0 ? 'inside' : 'outside'])),
})
let reads = 0
let passages = 0
const timers = {
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const parts = { clock: { now: () => Date.now(), monotonic: () => performance.now() }, timers, random: { fraction: Math.random }, openPort }
for (const [at, address] of addresses.entries())
  openReader(
    parts,
    { id: `r${at}`, address, family: family as FamilyName, region: 'CN900', powerDbm: 20, session: 0, ports: [1] },
    {
      told: ({ epc, rssiDbm, monotonic }) => {
        reads += 1
        const side = at % 2 === 0 ? 'inside' : 'outside'
        passages += portal.see({ epc, antenna: `r${at}:1`, side, at: monotonic, rssiDbm }).length
      },
      state: () => {},
      gap: () => {},
      noise: () => {},
    },
  )
// Until all are configured and the code is warm.
await new Promise((resolve) => setTimeout(resolve, 4_000))
const [before, from, readBefore] = [process.cpuUsage(), performance.now(), reads]
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1_000))
const { user, system } = process.cpuUsage(before)
const ms = performance.now() - from
process.stdout.write(`${JSON.stringify({ percent: (user + system) / ms / 10, reads: ((reads - readBefore) / ms) * 1_000, passages })}\n`)
process.exit(0)
