/** What some entries took: of the clock, and of the processor. Where others use the machine too, only the latter says much. */
export interface Spent {
  readonly perSecond: number
  readonly cpuUs: number
}

/** Starts to count; what it answers tells what each of so many entries took since. */
export const spentOn = (entries: number): (() => Spent) => {
  const from = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { perSecond: (entries / (performance.now() - from)) * 1_000, cpuUs: (user + system) / entries }
  }
}
