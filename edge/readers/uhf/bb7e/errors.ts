import type { Meaning } from '../family.ts'

/** What an error frame's first byte says: a stable name and a sentence [R200 user protocol V2.3.3]. Unknown codes are named by their number. */
export const errorOf = (code: number): ModuleError => {
  const plain = ERRORS[code]
  if (plain) return plain
  const operation = OPERATIONS[code & 0xf0]
  if (operation) return gen2Error(operation, code & 0x0f)
  const hex = code.toString(16).toUpperCase().padStart(2, '0')
  return { name: `error-${hex}`, zh: `读写器返回未知错误码 ${hex}`, en: `the reader answered with the unknown error code ${hex}` }
}

export interface ModuleError extends Meaning {
  readonly name: string
}

/** An empty poll: no tag answered, or none whose CRC held. While polling, this is the proof that the module lives. */
export const NO_TAG = 0x15
export const BAD_COMMAND = 0x17
export const BAD_PARAMETER = 0x0e

const ERRORS: Readonly<Record<number, ModuleError>> = {
  9: { name: 'read-failed', zh: '读标签存储区失败', en: 'reading the tag memory failed' },
  14: { name: 'bad-parameter', zh: '命令参数不正确', en: 'the command parameter is wrong' },
  16: { name: 'write-failed', zh: '写标签存储区失败', en: 'writing the tag memory failed' },
  18: { name: 'kill-failed', zh: '灭活标签失败', en: 'killing the tag failed' },
  19: { name: 'lock-failed', zh: '锁定标签失败', en: 'locking the tag failed' },
  20: { name: 'permalock-failed', zh: '区块永久锁定失败', en: 'the block permalock failed' },
  21: { name: 'no-tag', zh: '没有读到标签，或标签校验错误', en: 'no tag was read, or its CRC was wrong' },
  22: { name: 'access-failed', zh: '访问标签失败，密码可能不对', en: 'access to the tag failed, the password may be wrong' },
  23: { name: 'bad-command', zh: '读写器不认识这条命令', en: 'the reader does not know this command' },
  26: { name: 'config-failed', zh: '更改标签配置字失败', en: 'changing the tag configuration word failed' },
  27: { name: 'eas-failed', zh: '更改防盗标志失败', en: 'changing the EAS flag failed' },
  28: { name: 'eas-alarm-failed', zh: '防盗报警命令失败', en: 'the EAS alarm command failed' },
  29: { name: 'read-protect-failed', zh: '设置读保护失败', en: 'setting the read protection failed' },
  32: { name: 'hop-timeout', zh: '跳频时没有找到空闲信道', en: 'no free channel was found while hopping' },
  42: { name: 'reset-protect-failed', zh: '解除读保护失败', en: 'resetting the read protection failed' },
  43: { name: 'custom-failed', zh: '标签专用命令失败', en: 'a custom tag command failed' },
  46: { name: 'qt-failed', zh: 'QT 命令失败', en: 'the QT command failed' },
}

const OPERATIONS: Readonly<Record<number, ModuleError>> = {
  160: { name: 'read', zh: '读取', en: 'reading' },
  176: { name: 'write', zh: '写入', en: 'writing' },
  192: { name: 'lock', zh: '锁定', en: 'locking' },
  208: { name: 'kill', zh: '灭活', en: 'killing' },
  224: { name: 'custom', zh: '专用命令', en: 'a custom command' },
}

/** Error codes a tag backscatters [Gen2 Annex I]. */
const GEN2: Readonly<Record<number, ModuleError>> = {
  0: { name: 'other', zh: '其他错误', en: 'other error' },
  3: { name: 'overrun', zh: '存储区超出范围', en: 'memory overrun' },
  4: { name: 'locked', zh: '存储区已锁定', en: 'memory locked' },
  11: { name: 'power', zh: '标签供电不足', en: 'insufficient power' },
  15: { name: 'non-specific', zh: '标签未说明的错误', en: 'non-specific error' },
}

const gen2Error = (operation: ModuleError, code: number): ModuleError => {
  const cause = GEN2[code] ?? { name: `gen2-${code.toString(16)}`, zh: `代码 ${code}`, en: `code ${code}` }
  return {
    name: `${operation.name}-${cause.name}`,
    zh: `${operation.zh}标签时标签报错：${cause.zh}`,
    en: `the tag refused ${operation.en}: ${cause.en}`,
  }
}
