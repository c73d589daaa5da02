import type { Meaning } from '../family.ts'
import type { MessageName } from './messages.ts'

/** What the result byte of an answer says, other than 0: a stable name and a sentence [GClient SDK]. Unknown ones are named by their number. */
export const resultOf = (name: MessageName, result: number): MessageResult => {
  const known = RESULTS[name]?.[result - 1]
  const hex = result.toString(16).toUpperCase().padStart(2, '0')
  if (known === undefined)
    return { name: `result-${hex}`, zh: `读写器返回未知结果码 ${hex}`, en: `the reader answered with the unknown result ${hex}` }
  return { name: known, ...MEANINGS[known] }
}

export interface MessageResult extends Meaning {
  readonly name: string
}

const MEANINGS = {
  'port-unsupported': { zh: '读写器没有这个天线端口', en: 'the reader has no such antenna port' },
  'power-unsupported': { zh: '读写器不支持这个功率', en: 'the reader cannot send with this power' },
  'band-unsupported': { zh: '读写器不支持这个频段', en: 'the reader does not know this band' },
  'not-in-band': { zh: '信道不在当前频段内', en: 'the channel is not in the present band' },
  'bad-channel': { zh: '信道无效', en: 'the channel is invalid' },
  unsupported: { zh: '读写器不支持这个参数', en: 'the reader does not support this parameter' },
  'bad-parameter': { zh: '参数不正确', en: 'the parameter is wrong' },
  'bad-q': { zh: 'Q 值不正确', en: 'the Q value is wrong' },
  'bad-session': { zh: '会话参数不正确', en: 'the session is wrong' },
  'bad-flags': { zh: '盘点标志不正确', en: 'the inventory flags are wrong' },
  'bad-port': { zh: '天线端口参数不正确', en: 'the antenna ports are wrong' },
  'bad-filter': { zh: '选择参数不正确', en: 'the filter is wrong' },
  'bad-tid': { zh: 'TID 读取参数不正确', en: 'the TID parameter is wrong' },
  'bad-user': { zh: '用户区读取参数不正确', en: 'the user memory parameter is wrong' },
  'bad-reserved': { zh: '保留区读取参数不正确', en: 'the reserved memory parameter is wrong' },
  'save-failed': { zh: '读写器保存失败', en: 'the reader could not save it' },
  'stop-failed': { zh: '读写器停不下来', en: 'the reader could not stop' },
  other: { zh: '其他错误', en: 'another error' },
} as const satisfies Readonly<Record<string, Meaning>>

/** By their numbers from 1. */
const RESULTS: Readonly<Partial<Record<MessageName, readonly (keyof typeof MEANINGS)[]>>> = {
  setPower: ['port-unsupported', 'power-unsupported', 'save-failed'],
  setBand: ['band-unsupported', 'save-failed'],
  setFrequency: ['not-in-band', 'bad-channel', 'other', 'save-failed'],
  setHub: ['port-unsupported', 'save-failed'],
  setTagLog: ['unsupported', 'save-failed'],
  setBaseband: ['unsupported', 'bad-q', 'bad-session', 'bad-flags', 'other', 'save-failed'],
  setDormancy: ['bad-parameter', 'other', 'save-failed'],
  setResidence: ['bad-parameter', 'other', 'save-failed'],
  setResume: ['other'],
  setRs485: ['other'],
  setTime: ['other'],
  inventory: ['bad-port', 'bad-filter', 'bad-tid', 'bad-user', 'bad-reserved', 'other'],
  stop: ['stop-failed'],
}
