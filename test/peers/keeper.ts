import { writeSync } from 'node:fs'
import { openNodeHouse } from '../crash/houses.ts'
import { AVAILABLE, bookAct, CONSUMED, lineOf, PENDING, TRANSIT } from '../crash/node-scenarios.ts'

/** `node keeper.ts FOLDER`: a node's ledger whose keeper books, and says each answer aloud at once; then it ends without a word, as in a power cut. */
const house = openNodeHouse(process.argv[2] ?? '', 1)
for (let round = 0; round < 9; round += 1) {
  const acts = [
    bookAct(`in-${round}`, 'receive', lineOf(TRANSIT, PENDING, 20)),
    bookAct(`accept-${round}`, 'accept', lineOf(PENDING, AVAILABLE, 20)),
    bookAct(`use-${round}`, 'issue', lineOf(AVAILABLE, CONSUMED, 1 + round)),
  ]
  for (const act of acts) {
    const { epoch, seq, hash } = await act(house)
    writeSync(1, `answered ${epoch} ${seq} ${hash}\n`)
  }
}
process.exit(0)
