/** Everything that can break in the hub: what it means and what a person should do. `{name}` is filled from the facts. */
export const FAULTS = {
  'database.in-use': {
    zh: '数据库 {file} 正被另一个进程使用（pid {pid}）',
    en: 'Database {file} is in use by another process (pid {pid})',
    todoZh: '先停掉那个进程，或换一个 --home',
    todoEn: 'Stop that process, or give another --home',
  },
  'database.sqlite-old': {
    zh: 'SQLite {version} 有会损坏 WAL 的缺陷，至少需要 {floor}',
    en: 'SQLite {version} has a defect that damages WAL files; {floor} is the oldest allowed',
    todoZh: '重新安装依赖（npm ci）',
    todoEn: 'Install the dependencies again (npm ci)',
  },
  'database.not-ours': {
    zh: '{file} 不是本系统的数据库（{why}）',
    en: '{file} is no database of ours ({why})',
    todoZh: '检查 --home 是否指错；若文件已损坏，请从备份恢复',
    todoEn: 'Check --home; if the file is damaged, restore a backup',
  },
  'database.schema-newer': {
    zh: '{file} 由更新的版本写成（结构 {found}，本程序懂 {known}）',
    en: '{file} was written by a newer version (schema {found}, this program knows {known})',
    todoZh: '升级程序后再启动',
    todoEn: 'Upgrade the program, then start again',
  },
  'database.failed': {
    zh: '磁盘读写失败：{file}（{code}）',
    en: 'The disk failed under {file} ({code})',
    todoZh: '检查磁盘和文件系统；必要时从备份恢复',
    todoEn: 'Check the disk and its file system; restore a backup if need be',
  },
  'settings.file-unreadable': {
    zh: '配置文件 {file} 读不了：{why}',
    en: 'Settings file {file} cannot be read: {why}',
    todoZh: '检查文件权限和 JSON 语法',
    todoEn: 'Check its rights and its JSON',
  },
  'settings.value-wrong': {
    zh: '配置 {name} 不对：{value}；允许：{allowed}；来自 {from}',
    en: 'Setting {name} is wrong: {value}; allowed: {allowed}; from {from}',
    todoZh: '改正后重新启动',
    todoEn: 'Correct it and start again',
  },
  'settings.name-unknown': {
    zh: '没有 {name} 这项配置（来自 {from}）；最接近的是 {nearest}',
    en: 'There is no setting {name} (from {from}); the nearest is {nearest}',
    todoZh: '改正名称后重新启动',
    todoEn: 'Correct the name and start again',
  },
  'keys.unreadable': {
    zh: '密钥文件 {file} 读不了：{why}',
    en: 'Key file {file} cannot be read: {why}',
    todoZh: '从备份恢复 keys/；没有备份时只能重新建县并重新登记各节点',
    todoEn: 'Restore keys/ from its backup; without one the county must be set up and its nodes enrolled anew',
  },
  'broker.cannot-listen': {
    zh: '端口 {host}:{port} 开不了：{why}',
    en: 'Cannot listen on {host}:{port}: {why}',
    todoZh: '换一个端口，或停掉占用它的程序',
    todoEn: 'Choose another port, or stop the program that holds it',
  },
  'api.cannot-listen': {
    zh: '网页端口 {host}:{port} 开不了：{why}',
    en: 'Cannot serve pages on {host}:{port}: {why}',
    todoZh: '换一个端口，或停掉占用它的程序',
    todoEn: 'Choose another port, or stop the program that holds it',
  },
  'ledger.worker-ended': {
    zh: '账本线程意外结束：{why}',
    en: 'The ledger thread ended by itself: {why}',
    todoZh: '程序会退出，由系统服务重新拉起；反复出现请保留日志并联系维护',
    todoEn: 'The program ends and its service starts it again; if it repeats, keep the log and ask for help',
  },
  'hub.not-running': {
    zh: '{home} 的县中心没有在运行',
    en: 'No hub runs in {home}',
    todoZh: '先用 lotkeeper hub --home {home} 启动',
    todoEn: 'Start it first: lotkeeper hub --home {home}',
  },
  'hub.answer-refused': {
    zh: '县中心没有接受：{why}',
    en: 'The hub refused: {why}',
    todoZh: '按提示改正后再试',
    todoEn: 'Correct what it names and try again',
  },
} as const satisfies Readonly<
  Record<string, { readonly zh: string; readonly en: string; readonly todoZh: string; readonly todoEn: string }>
>
export type FaultCode = keyof typeof FAULTS

/** The world broke: an `Error` with a code of `FAULTS`, its values, and what caused it. */
export interface Fault extends Error {
  readonly code: FaultCode
  readonly facts: Readonly<Record<string, string | number>>
}

/** Makes a fault to throw. Its message is Chinese and English, with what to do. */
export const fault = (code: FaultCode, facts: Fault['facts'] = {}, cause?: unknown): Fault => {
  const { zh, en, todoZh, todoEn } = FAULTS[code]
  const message = `${fill(zh, facts)}。${fill(todoZh, facts)}。\n${fill(en, facts)}. ${fill(todoEn, facts)}. [${code}]`
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code, facts })
}

/** The fault an error is, or `null` for anything else (a bug). */
export const faultOf = (error: unknown): Fault | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in FAULTS ? (error as Fault) : null

const fill = (sentence: string, facts: Fault['facts']): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))
