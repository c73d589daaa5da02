import type { Meaning } from '../family.ts'

/** What a result code other than `OK` says: a stable name and a sentence [rfid.md 1.3]. Unknown codes are named by their number. */
export const errorOf = (code: number): ModuleError => {
  const known = ERRORS[code]
  if (known !== undefined) return { name: known[0], zh: known[1], en: known[2] }
  const hex = code.toString(16).toUpperCase().padStart(2, '0')
  return { name: `error-${hex}`, zh: `读写器返回未知错误码 ${hex}`, en: `the reader answered with the unknown error code ${hex}` }
}

export interface ModuleError extends Meaning {
  readonly name: string
}

/** Whether a byte is a result code of the family, `OK` among them. */
export const isKnownError = (code: number): boolean => code === OK || ERRORS[code] !== undefined

export const OK = 0x10
export const FAILED = 0x11
export const ANTENNA_MISSING = 0x22
export const NO_TAG = 0x36
export const BUFFER_EMPTY = 0x38
export const PARAMETER_INVALID = 0x41
export const ANTENNA_OUT_OF_RANGE = 0x47
export const POWER_OUT_OF_RANGE = 0x48
export const REGION_OUT_OF_RANGE = 0x49
export const NO_RETURN_LOSS = 0xee

const ERRORS: Readonly<Record<number, readonly [name: string, zh: string, en: string]>> = {
  17: ['failed', '命令执行失败', 'the command failed'],
  32: ['mcu-reset', '读写器单片机复位', 'the reader controller was reset'],
  33: ['carrier-failed', '射频载波打开失败', 'the carrier could not be switched on'],
  34: ['antenna-missing', '天线未连接', 'the antenna is not connected'],
  35: ['flash-write', '写入闪存失败', 'writing the flash failed'],
  36: ['flash-read', '读取闪存失败', 'reading the flash failed'],
  37: ['power-failed', '设置发射功率失败', 'setting the power failed'],
  49: ['inventory-failed', '盘存标签出错', 'the inventory failed'],
  50: ['read-failed', '读标签出错', 'reading the tag failed'],
  51: ['write-failed', '写标签出错', 'writing the tag failed'],
  52: ['lock-failed', '锁定标签出错', 'locking the tag failed'],
  53: ['kill-failed', '灭活标签出错', 'killing the tag failed'],
  54: ['no-tag', '没有可操作的标签', 'there is no tag'],
  55: ['access-failed', '盘存到标签但访问失败', 'the tag was found but access to it failed'],
  56: ['buffer-empty', '标签缓存为空', 'the tag buffer is empty'],
  60: ['custom-failed', '芯片专用命令失败', 'a custom chip command failed'],
  64: ['password-wrong', '访问标签出错或密码错误', 'access failed or the password is wrong'],
  65: ['parameter-invalid', '命令参数无效', 'a parameter is invalid'],
  66: ['words-too-many', '读写字数超出范围', 'too many words'],
  67: ['bank-out-of-range', '存储区超出范围', 'the memory bank is out of range'],
  68: ['lock-area-out-of-range', '锁定区域超出范围', 'the lock area is out of range'],
  69: ['lock-action-out-of-range', '锁定操作超出范围', 'the lock action is out of range'],
  70: ['address-invalid', '读写器地址无效', 'the reader address is invalid'],
  71: ['antenna-out-of-range', '天线号超出范围', 'the antenna number is out of range'],
  72: ['power-out-of-range', '发射功率超出范围', 'the power is out of range'],
  73: ['region-out-of-range', '频段规范超出范围', 'the frequency region is out of range'],
  74: ['baud-out-of-range', '波特率超出范围', 'the baud rate is out of range'],
  75: ['beeper-out-of-range', '蜂鸣器模式超出范围', 'the beeper mode is out of range'],
  76: ['match-too-long', 'EPC 匹配长度过长', 'the EPC match is too long'],
  77: ['match-length-wrong', 'EPC 匹配长度错误', 'the EPC match length is wrong'],
  78: ['match-mode-invalid', 'EPC 匹配模式无效', 'the EPC match mode is invalid'],
  79: ['frequency-invalid', '频率范围无效', 'the frequency range is invalid'],
  80: ['rn16-failed', '未能从标签取得 RN16', 'no RN16 came from the tag'],
  81: ['drm-invalid', 'DRM 模式无效', 'the DRM mode is invalid'],
  82: ['pll-failed', '锁相环失锁', 'the PLL did not lock'],
  83: ['rf-chip-silent', '射频芯片没有响应', 'the RF chip does not answer'],
  84: ['power-not-reached', '达不到设定的发射功率', 'the power asked for was not reached'],
  85: ['licence-failed', '版权认证失败', 'the licence check failed'],
  86: ['spectrum-refused', '频谱规范设置错误', 'the spectrum regulation refused it'],
  87: ['power-too-low', '发射功率过低', 'the power is too low'],
  238: ['return-loss-failed', '回波损耗测量失败', 'measuring the return loss failed'],
}
