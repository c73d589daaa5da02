import { machineFacts } from './machine.ts'
import { measureReference } from './reference.ts'
import { terminalTable } from './table.ts'

/** `node test/bench/reference-million.ts [records]`: the bench of the device database at its full size, without the time limit of the others. */
const main = async (records: number): Promise<void> => {
  await using scope = new AsyncDisposableStack()
  const facts = machineFacts()
  const figures = await measureReference(scope, (line) => process.stderr.write(`  ${line}\n`), records)
  process.stdout.write(`${facts}\n\n${terminalTable(figures)}\n`)
}

await main(Number(process.argv[2] ?? 1_000_000))
