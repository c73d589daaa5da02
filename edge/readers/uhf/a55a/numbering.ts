/**
 * How a module counts its ports in tag records. The maker's clients count from 0, and firmware 7.40 of the UR4 was measured to count from 1
 * [DaanVervacke/chainway-serial docs/protocol.md]. Only the wished ports send, so a number that fits one way of counting alone decides; until then
 * what is usual for the module holds.
 */
export const createNumbering = (ports: readonly number[]): Numbering => {
  let usual: Counting = 'from-zero'
  let seen: Counting | null = null
  return {
    portOf: (port) => {
      const fromZero = ports.includes(port)
      const fromOne = ports.includes(port - 1)
      if (fromZero !== fromOne) seen = fromZero ? 'from-zero' : 'from-one'
      return (seen ?? usual) === 'from-zero' ? port : port - 1
    },
    forget: (counting) => {
      usual = counting
      seen = null
    },
  }
}

export type Counting = 'from-zero' | 'from-one'

export interface Numbering {
  /** The port, from 1, of a record read as if it were counted from 0. */
  readonly portOf: (port: number) => number
  /** Another module may be on the line, for which this is usual. */
  readonly forget: (counting: Counting) => void
}
