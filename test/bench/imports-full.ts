import { FULL, measureImports } from './imports.ts'
import { machineFacts } from './machine.ts'
import { terminalTable } from './table.ts'

/** `node test/bench/imports-full.ts [csv|xlsx]`: the bench of imported tables at their full size, without the time limit of the others. */
const main = async (form: string | undefined): Promise<void> => {
  await using scope = new AsyncDisposableStack()
  const facts = machineFacts()
  const sizes = FULL.filter((size) => form === undefined || size.form === form)
  const figures = await measureImports(scope, (line) => process.stderr.write(`  ${line}\n`), sizes)
  process.stdout.write(`${facts}\n\n${terminalTable(figures)}\n`)
}

await main(process.argv[2])
