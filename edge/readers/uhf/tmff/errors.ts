import type { Condition, Meaning } from '../family.ts'

/** What a status word other than 0000 says: a stable name and a sentence [rfid.md 1.4; MercuryAPI 2023]. Unknown ones are named by their number. */
export const statusOf = (status: number): ModuleStatus => {
  const plain = STATUSES[status]
  if (plain) return plain
  const hex = status.toString(16).toUpperCase().padStart(4, '0')
  return { name: `status-${hex}`, zh: `读写器返回未知状态码 ${hex}`, en: `the reader answered with the unknown status ${hex}` }
}

export interface ModuleStatus extends Meaning {
  readonly name: string
}

export const OK = 0x0000
export const BAD_LENGTH = 0x0100
export const BAD_OPCODE = 0x0101
export const POWER_TOO_HIGH = 0x0103
export const BAD_PARAMETER = 0x0105
export const BAD_REGION = 0x010b
/** No tag in this search: while streaming, the proof that the module lives. */
export const NO_TAGS = 0x0400
export const NO_ANTENNA = 0x0503
export const TOO_HOT = 0x0504
export const RETURN_LOSS = 0x0505
export const BUFFER_FULL = 0x0601
/** High byte of the statuses of firmware that failed. */
export const FAULT = 0x7f

/** What a status means when nobody asked, or `null`. */
export const conditionOf = (status: number): Condition | null => {
  const code = status >> 8 === FAULT ? 'fault' : CONDITIONS[status]
  if (code === undefined) return null
  const { zh, en } = statusOf(status)
  return { code, port: null, meaning: { zh, en } }
}

/** Status words are four hexadecimal digits everywhere, so their high bytes are few: a header test that noise seldom passes. */
export const mayBeStatus = (high: number): boolean => high <= 0x06 || high === FAULT

const CONDITIONS: Readonly<Record<number, Condition['code']>> = {
  [NO_ANTENNA]: 'antenna-missing',
  [TOO_HOT]: 'temperature',
  [RETURN_LOSS]: 'return-loss',
  1289: 'power',
  [BUFFER_FULL]: 'buffer-full',
}

const STATUSES: Readonly<Record<number, ModuleStatus>> = {
  256: { name: 'bad-length', zh: '命令长度不正确', en: 'the command has a wrong length' },
  257: { name: 'bad-opcode', zh: '读写器不认识这条命令', en: 'the reader does not know this command' },
  258: { name: 'unimplemented', zh: '读写器不支持这条命令', en: 'the reader does not implement this command' },
  259: { name: 'power-too-high', zh: '功率超出读写器上限', en: 'the power is above what the reader can send' },
  260: { name: 'bad-frequency', zh: '频率不在允许范围内', en: 'the frequency is outside the allowed band' },
  261: { name: 'bad-parameter', zh: '命令参数不正确', en: 'the command parameter is wrong' },
  262: { name: 'power-too-low', zh: '功率低于读写器下限', en: 'the power is below what the reader can send' },
  265: { name: 'unimplemented-feature', zh: '读写器不支持这项功能', en: 'the reader does not have this feature' },
  266: { name: 'bad-baud', zh: '读写器不支持这个波特率', en: 'the reader does not know this speed' },
  267: { name: 'bad-region', zh: '读写器不支持这个频段', en: 'the reader does not know this region' },
  268: { name: 'bad-licence', zh: '许可密钥无效', en: 'the licence key is invalid' },
  512: { name: 'image-crc', zh: '固件映像校验错误', en: 'the firmware image fails its CRC' },
  513: { name: 'image-end', zh: '固件映像结束地址错误', en: 'the firmware image ends at a wrong address' },
  768: { name: 'flash-erase-password', zh: '擦除闪存的密码不正确', en: 'the password for erasing flash is wrong' },
  769: { name: 'flash-write-password', zh: '写闪存的密码不正确', en: 'the password for writing flash is wrong' },
  770: { name: 'flash-unknown', zh: '闪存内部错误', en: 'an internal flash error' },
  771: { name: 'flash-sector', zh: '闪存扇区不合法', en: 'an illegal flash sector' },
  772: { name: 'flash-not-erased', zh: '闪存写入区未擦除', en: 'writing to flash that was not erased' },
  773: { name: 'flash-write-sector', zh: '不能写这个闪存扇区', en: 'writing to an illegal flash sector' },
  774: { name: 'flash-verify', zh: '闪存校验失败', en: 'flash failed its verification' },
  1024: { name: 'no-tags', zh: '没有读到标签', en: 'no tag was read' },
  1025: { name: 'no-protocol', zh: '没有设置标签协议', en: 'no tag protocol is set' },
  1026: { name: 'bad-protocol', zh: '标签协议无效', en: 'the tag protocol is invalid' },
  1027: { name: 'lock-after-write-failed', zh: '写入成功但锁定失败', en: 'the write passed, the lock failed' },
  1028: { name: 'no-data-read', zh: '没有读出标签数据', en: 'no tag data was read' },
  1029: { name: 'radio-off', zh: '射频前端未开启', en: 'the radio front end is off' },
  1030: { name: 'write-failed', zh: '写标签失败', en: 'writing the tag failed' },
  1031: { name: 'not-for-protocol', zh: '该协议不支持此操作', en: 'this protocol has no such operation' },
  1032: { name: 'bad-write-data', zh: '要写入的数据无效', en: 'the data to write is invalid' },
  1033: { name: 'bad-address', zh: '标签地址无效', en: 'the tag address is invalid' },
  1034: { name: 'tag-error', zh: '标签操作出错', en: 'the tag operation failed' },
  1035: { name: 'data-too-large', zh: '数据过长', en: 'the data is too large' },
  1036: { name: 'bad-kill-password', zh: '灭活密码不正确', en: 'the kill password is wrong' },
  1038: { name: 'kill-failed', zh: '灭活标签失败', en: 'killing the tag failed' },
  1039: { name: 'decoding-failed', zh: '标签应答解码失败', en: "decoding the tag's answer failed" },
  1040: { name: 'bad-epc', zh: 'EPC 无效', en: 'the EPC is invalid' },
  1056: { name: 'gen2-other', zh: '标签报错：其他错误', en: 'the tag refused: other error' },
  1059: { name: 'gen2-overrun', zh: '标签报错：存储区超出范围', en: 'the tag refused: memory overrun' },
  1060: { name: 'gen2-locked', zh: '标签报错：存储区已锁定', en: 'the tag refused: memory locked' },
  1067: { name: 'gen2-power', zh: '标签报错：供电不足', en: 'the tag refused: insufficient power' },
  1071: { name: 'gen2-non-specific', zh: '标签报错：未说明的错误', en: 'the tag refused: non-specific error' },
  1280: { name: 'radio-frequency', zh: '射频频率无效', en: 'the radio frequency is invalid' },
  1281: { name: 'channel-occupied', zh: '信道被占用', en: 'the channel is occupied' },
  1282: { name: 'transmitter-on', zh: '发射机已开启', en: 'the transmitter is on already' },
  1283: { name: 'antenna-missing', zh: '有天线没有接好', en: 'an antenna is not connected' },
  1284: { name: 'too-hot', zh: '读写器过热，暂停发射', en: 'the reader is too hot and sends less or not at all' },
  1285: { name: 'return-loss', zh: '天线反射过大，请检查天线和馈线', en: 'too much comes back from an antenna: look at it and its cable' },
  1287: { name: 'bad-antenna', zh: '天线设置无效', en: 'the antenna setting is invalid' },
  1289: { name: 'voltage', zh: '读写器供电电压异常', en: "the reader's supply voltage is out of range" },
  1536: { name: 'buffer-short', zh: '缓存中的标签不够', en: 'the buffer holds fewer tags' },
  1537: { name: 'buffer-full', zh: '标签缓存已满', en: 'the tag buffer is full' },
  1538: { name: 'buffer-repeated', zh: '缓存中标签重复', en: 'the buffer holds this tag already' },
  1539: { name: 'buffer-too-many', zh: '要取的标签太多', en: 'too many tags were asked of the buffer' },
  1540: { name: 'buffer-password', zh: '标签需要密码', en: 'the tag asks for a password' },
  32512: { name: 'fault', zh: '读写器固件出错，正在重启', en: "the reader's firmware failed and begins anew" },
  32513: { name: 'assert', zh: '读写器固件断言失败，正在重启', en: "the reader's firmware failed an assertion and begins anew" },
}
