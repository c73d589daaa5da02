import type { Meaning } from '../family.ts'

/** What a status byte says: a stable name and a sentence [rfid.md 1.7]. Unknown ones are named by their number. */
export const statusOf = (status: number): Status => {
  const known = STATUSES[status]
  if (known) return known
  const hex = status.toString(16).toUpperCase().padStart(2, '0')
  return { name: `status-${hex}`, zh: `读写器返回未知状态 ${hex}`, en: `the reader answered with the unknown status ${hex}` }
}

export interface Status extends Meaning {
  readonly name: string
}

export const OK = 0x00
export const BAD_PARAMETER = 0x01
export const FAILED = 0x02
/** A round ended, or there is no tag: while reading, the proof that the module lives. */
export const ROUND_END = 0x12

const STATUSES: Readonly<Record<number, Status>> = {
  0: { name: 'ok', zh: '完成', en: 'done' },
  1: { name: 'bad-parameter', zh: '命令参数不正确', en: 'the command parameter is wrong' },
  2: { name: 'failed', zh: '命令执行失败', en: 'the command failed' },
  18: { name: 'round-end', zh: '盘点结束或没有标签', en: 'the round ended, or there is no tag' },
  20: { name: 'time-out', zh: '标签响应超时', en: 'the tag did not answer in time' },
  21: { name: 'demodulation', zh: '标签响应解调错误', en: "the tag's answer could not be demodulated" },
  22: { name: 'authentication', zh: '认证失败', en: 'the authentication failed' },
  23: { name: 'password', zh: '密码错误', en: 'the password is wrong' },
  255: { name: 'no-more', zh: '没有更多数据', en: 'there is nothing more' },
}
