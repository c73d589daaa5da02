import type { Meaning } from '../family.ts'

/** What a status byte says: a stable name and a sentence [UHF RFID Reader Series User Manual V2.20, 5]. Unknown ones are named by their number. */
export const statusOf = (status: number): Status => {
  const known = STATUSES[status]
  if (known) return known
  const hex = status.toString(16).toUpperCase().padStart(2, '0')
  return { name: `status-${hex}`, zh: `读写器返回未知状态 ${hex}`, en: `the reader answered with the unknown status ${hex}` }
}

export interface Status extends Meaning {
  readonly name: string
}

/** The statuses an inventory round ends with or reports by. */
export const INVENTORY = { done: 0x01, timeOut: 0x02, more: 0x03, memoryFull: 0x04, statistics: 0x26 } as const
export const HEARTBEAT = 0x28
export const OK = 0x00
export const NOT_SAVED = 0x13
export const POWER_REFUSED = 0x14
export const NO_ANTENNA = 0xf8
export const POOR_LINK = 0xfa
export const NO_TAG = 0xfb
export const TAG_ERROR = 0xfc
export const BAD_LENGTH = 0xfd
export const BAD_COMMAND = 0xfe
export const BAD_PARAMETER = 0xff

/** Refusals that only commands on a tag know. */
export const isTagStatus = (status: number): boolean => (status >= 0x05 && status <= 0x12) || status === 0x19 || status === 0x1a

const STATUSES: Readonly<Record<number, Status>> = {
  0: { name: 'ok', zh: '完成', en: 'done' },
  1: { name: 'inventory-done', zh: '盘点完成', en: 'the inventory is done' },
  2: { name: 'inventory-time-out', zh: '盘点时间已到，标签未全部读完', en: 'the inventory time ran out before all tags were read' },
  3: { name: 'more-frames', zh: '后面还有数据', en: 'more frames follow' },
  4: { name: 'memory-full', zh: '读写器存储已满', en: "the reader's memory is full" },
  5: { name: 'access-password', zh: '访问密码错误', en: 'the access password is wrong' },
  9: { name: 'kill-failed', zh: '灭活标签失败', en: 'killing the tag failed' },
  10: { name: 'kill-password-zero', zh: '灭活密码不能全为零', en: 'the kill password must not be zero' },
  11: { name: 'not-supported', zh: '标签不支持这条命令', en: 'the tag does not support this command' },
  12: { name: 'access-password-zero', zh: '访问密码不能全为零', en: 'the access password must not be zero' },
  13: { name: 'read-protect-failed', zh: '标签已设读保护', en: 'the tag is read-protected already' },
  14: { name: 'unprotect-failed', zh: '解除读保护失败', en: 'removing the read protection failed' },
  16: { name: 'bytes-locked', zh: '部分字节已锁定，写入失败', en: 'some bytes are locked, writing failed' },
  17: { name: 'lock-failed', zh: '锁定失败', en: 'locking failed' },
  18: { name: 'locked-already', zh: '已经锁定', en: 'it is locked already' },
  19: { name: 'not-saved', zh: '参数没有保存，断电后失效', en: 'the setting was not stored and is lost with the power' },
  20: { name: 'power-refused', zh: '功率无法调整', en: 'the power cannot be changed' },
  21: { name: 'inventory-6b-done', zh: '6B 盘点完成', en: 'the 6B inventory is done' },
  22: { name: 'inventory-6b-time-out', zh: '6B 盘点时间已到', en: 'the 6B inventory time ran out' },
  23: { name: 'more-6b-frames', zh: '后面还有 6B 数据', en: 'more 6B frames follow' },
  24: { name: 'memory-6b-full', zh: '读写器 6B 存储已满', en: "the reader's memory for 6B tags is full" },
  25: { name: 'eas-failed', zh: '设置防盗标志失败', en: 'setting the EAS flag failed' },
  26: { name: 'custom-failed', zh: '标签专用命令失败', en: 'a custom tag command failed' },
  38: { name: 'statistics', zh: '盘点统计', en: 'statistics of an inventory' },
  40: { name: 'heartbeat', zh: '心跳', en: 'a heartbeat' },
  238: { name: 'eas-alarm', zh: '防盗报警', en: 'an EAS alarm' },
  248: { name: 'antenna', zh: '天线连接检测失败', en: 'the antenna check failed' },
  249: { name: 'failed', zh: '命令执行出错', en: 'the command failed' },
  250: { name: 'poor-link', zh: '有标签但通信不好', en: 'there are tags, but the link to them is poor' },
  251: { name: 'no-tag', zh: '没有可操作的标签', en: 'there is no tag' },
  252: { name: 'tag-error', zh: '标签返回错误码', en: 'the tag answered with an error' },
  253: { name: 'bad-length', zh: '命令长度不对', en: 'the length of the command is wrong' },
  254: { name: 'bad-command', zh: '读写器不认识这条命令', en: 'the reader does not know this command' },
  255: { name: 'bad-parameter', zh: '命令参数不正确', en: 'the command parameter is wrong' },
}
