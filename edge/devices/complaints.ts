import type { Condition } from '../readers/uhf/family.ts'
import type { ReaderState } from '../readers/uhf/state.ts'
import type { FindingCode, Judged } from './judge.ts'
import type { Finding } from './standing.ts'

/** What a module says of itself and its antennas, judged: what it complains of is so, and what it no longer complains of while it reads is not. */
export const judgeComplaints = (state: ReaderState, standing: readonly Finding[]): readonly Judged[] => {
  const one = { device: state.reader, epc: null }
  const said = state.conditions.map(({ code, port }) => ({ ...one, code: FOUND[code], antenna: port, is: 'so' as const, facts: {} }))
  const measured = Object.entries(state.returnLossDb).map(([port, db]) => ({
    ...{ ...one, code: 'return-loss' as const, antenna: Number(port) },
    ...{ is: db < RETURN_LOSS_DB ? ('so' as const) : ('not' as const), facts: { db: Math.round(db) } },
  }))
  // What the module says unasked goes before what it measured some minutes ago.
  const judged = [
    ...measured.filter(({ antenna }) => !said.some((told) => told.code === 'return-loss' && told.antenna === antenna)),
    ...said,
  ]
  if (state.phase !== 'reading') return judged.filter(({ is }) => is === 'so')
  const gone = standing.filter(
    ({ code, device, antenna }) =>
      device === state.reader && CODES.includes(code) && !judged.some((told) => told.code === code && told.antenna === antenna),
  )
  return [...judged, ...gone.map((finding) => ({ ...finding, is: 'not' as const }))]
}

const FOUND: { readonly [Code in Condition['code']]: FindingCode } = {
  'antenna-missing': 'antenna-loose',
  'return-loss': 'return-loss',
  temperature: 'module-hot',
  power: 'module-power',
  'buffer-full': 'module-full',
  fault: 'module-fault',
}
const CODES: readonly FindingCode[] = Object.values(FOUND)
/** Of what is sent, a tenth comes back: a plug is loose, or the antenna is not one for this band. */
const RETURN_LOSS_DB = 10
