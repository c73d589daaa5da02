/** What was asked on the command line. */
export interface DemoArgs {
  readonly home: string | null
  readonly fresh: boolean
  /** Nobody acts by himself; only a second terminal does. */
  readonly quiet: boolean
  readonly anyPorts: boolean
  readonly wires: 'pty' | 'tcp'
  /** Words for a demo that runs. */
  readonly words: readonly string[]
}

export const USAGE = `lotkeeper demo [--fresh] [--quiet] [--home DIR] [--any-ports] [--tcp]
  运行演示县，Ctrl-C 停止 / runs the demo county until Ctrl-C
  --fresh      丢弃旧数据，从头开始 / begin anew
  --quiet      没有人自动走动 / nobody acts by himself
  --home DIR   数据目录，缺省 .lotkeeper/demo / where the county is kept
  --any-ports  全部用空闲端口 / take free ports
  --tcp        设备走 TCP，不用伪终端 / devices on TCP instead of pseudo-terminals

另开终端 / from a second terminal:
  lotkeeper demo status
  lotkeeper demo deliver NODE [BOXES]     送货并搬入 / boxes are announced and carried in
  lotkeeper demo carry in|out NODE        搬一箱 / one box through the door
  lotkeeper demo accept|issue|hesitate|scan NODE
  lotkeeper demo count|repack|ship|arrive|clear NODE   盘点、分装、调拨、收调拨、清过期 / the rarer acts
  lotkeeper demo unplug|replug NODE [inside|outside|scanner]
  lotkeeper demo kill|start NODE|hub      kill -9 与重启 / kill -9 and start again
  NODE: qinglong baisha liushu`

/** Reads the arguments; a sentence when something is not understood, `help` when help is asked for. */
export const readArgs = (args: readonly string[]): DemoArgs | string => {
  let asked: DemoArgs = { home: null, fresh: false, quiet: false, anyPorts: false, wires: 'pty', words: [] }
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? ''
    if (arg === '--help' || arg === '-h') return 'help'
    if (arg === '--fresh') asked = { ...asked, fresh: true }
    else if (arg === '--quiet') asked = { ...asked, quiet: true }
    else if (arg === '--any-ports') asked = { ...asked, anyPorts: true }
    else if (arg === '--tcp') asked = { ...asked, wires: 'tcp' }
    else if (arg === '--home' && args[at + 1] !== undefined) {
      at += 1
      asked = { ...asked, home: args[at] ?? null }
    } else if (arg.startsWith('-')) return `不认识的选项 ${arg} / unknown option ${arg}\n\n${USAGE}`
    else asked = { ...asked, words: [...asked.words, arg] }
  }
  return asked
}
