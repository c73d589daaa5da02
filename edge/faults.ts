/** Something broke that a person must see to: a code, what it is, what to do, and the values that matter. Thrown, caught only in `main.ts`. */
export interface Fault extends Error {
  readonly code: FaultCode
  readonly zh: string
  readonly en: string
  readonly facts: Readonly<Record<string, string | number | null>>
}

/** Every fault of a node besides those of its ports. `{name}` is filled from the facts. */
export const FAULTS = {
  'database.in-use': {
    zh: '数据库 {path} 正被另一个进程使用（进程号 {pid}）。请先停掉它；同一个库只能由一个进程记账',
    en: 'The database {path} is in use by another process (pid {pid}). Stop that one first: one file has one writer',
  },
  'database.sqlite-too-old': {
    zh: 'SQLite {found} 太旧，至少要 {needed}（更旧的版本有损坏 WAL 的缺陷）。请重新安装依赖',
    en: 'SQLite {found} is too old, {needed} is needed (older ones can damage the WAL). Install the dependencies again',
  },
  'database.schema-newer': {
    zh: '数据库 {path} 由更新的版本写成（格式 {found}，本程序只认到 {known}）。请升级程序',
    en: 'The database {path} was written by newer software (schema {found}, this one knows {known}). Upgrade the software',
  },
  'database.upgrade-failed': {
    zh: '数据库 {path} 无法从格式 {found} 升级到 {known}：{why}。文件未改动，旧版程序仍可使用',
    en: 'The database {path} cannot be raised from schema {found} to {known}: {why}. It is unchanged, the older software can go on with it',
  },
  'database.foreign-file': {
    zh: '{path} 不是本程序的数据库文件。请检查数据目录',
    en: '{path} is not a database of this program. Check the home folder',
  },
  'database.damaged': {
    zh: '数据库 {path} 已损坏：{why}。请保留该文件，换新文件后从县中心取回历史',
    en: 'The database {path} is damaged: {why}. Keep the file, start with a new one and let the hub send the history back',
  },
  'database.open-failed': {
    zh: '数据库 {path} 打不开：{why}。请检查目录权限和磁盘空间',
    en: 'The database {path} does not open: {why}. Check permissions and disk space',
  },
  'ledger.other-node': {
    zh: '数据库属于节点 {found}，设置里却是 {node}。请检查数据目录',
    en: 'The database belongs to node {found}, the settings say {node}. Check the home folder',
  },
  'ledger.log-damaged': {
    zh: '账本尾部与记录不符（{epoch} 第 {seq} 条）。请保留该文件，换新文件后从县中心取回历史',
    en: 'The end of the ledger does not match its record ({epoch}, entry {seq}). Keep the file, start with a new one and let the hub send the history back',
  },
  'settings.wrong': {
    zh: '设置有误，未启动：\n{problems}',
    en: 'Wrong settings, not started:\n{problems}',
  },
  'settings.unreadable': {
    zh: '设置文件 {path} 读不出：{why}',
    en: 'The settings file {path} cannot be read: {why}',
  },
  'pin.malformed': {
    zh: '口令须为 4 到 8 位数字',
    en: 'A PIN is 4 to 8 digits',
  },
  'keys.unreadable': {
    zh: '密钥或证书读不出：{path}（{why}）。请重新登记：lotkeeper edge join',
    en: 'A key or certificate cannot be read: {path} ({why}). Enrol again: lotkeeper edge join',
  },
  'join.code-malformed': {
    zh: '登记码格式不对，请整段复制 lotkeeper hub enrol 给出的登记码',
    en: 'This is no enrolment code; copy the whole code that lotkeeper hub enrol printed',
  },
  'join.hub-unreachable': {
    zh: '连不上县中心 {hub}：{why}',
    en: 'The hub {hub} does not answer: {why}',
  },
  'join.authority-wrong': {
    zh: '{hub} 出示的证书不是登记码所指的县中心，已停止。请核对地址，或检查网络中是否有人冒充',
    en: '{hub} is not the hub the code names: its certificate differs. Check the address, or who sits in between',
  },
  'join.refused': {
    zh: '县中心拒绝登记：{why}',
    en: 'The hub refused: {why}',
  },
  'join.answer-wrong': {
    zh: '县中心的答复不对：{why}',
    en: 'The hub answered wrongly: {why}',
  },
  'join.node-differs': {
    zh: '登记码属于节点 {code}，本机设置里是 {node}。请核对登记码，或换一个数据目录（--home）',
    en: 'The code belongs to node {code}, the settings here say {node}. Check the code, or give another --home',
  },
  'join.not-enrolled': {
    zh: '本机尚未登记，没有可更换的密钥。请先 lotkeeper edge join',
    en: 'This machine is not enrolled, so there are no keys to rotate. Use lotkeeper edge join first',
  },
  'join.enrolled-already': {
    zh: '本机已登记为节点 {node}。换到别的县中心或重新登记请加 --replace',
    en: 'This machine is enrolled as node {node} already. To enrol it anew add --replace',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
export type FaultCode = keyof typeof FAULTS

/** Makes a fault with its sentences filled in. */
export const fault = (code: FaultCode, facts: Fault['facts'] = {}, cause?: unknown): Fault => {
  const en = fill(FAULTS[code].en, facts)
  return Object.assign(new Error(en, { cause }), { code, zh: fill(FAULTS[code].zh, facts), en, facts })
}

/** Whether what was thrown is one of ours, not a bug. */
export const isFault = (thrown: unknown): thrown is Fault =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && Object.hasOwn(FAULTS, thrown.code)

const fill = (sentence: string, facts: Fault['facts']): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(Object.hasOwn(facts, name) ? facts[name] : whole))
